// The time that is shown, shared by all charts, and what moves it. Times are microseconds.
const data = JSON.parse(document.getElementById('data').textContent);
const view = { from: 0, to: data.length };
const SPAN_MIN = Math.min(500, data.length);
const charts = [];
let colours = {};
let pending = 0;

const OUTCOMES = ['ok', 'fail', 'info'];

function readColours() {
  const style = getComputedStyle(document.documentElement);
  for (const each of ['bg', 'fg', 'soft', 'line', 'ok', 'fail', 'info', 'told', 'band', 'bad', 'on', 'down',
    'term0', 'term1', 'term2', 'term3']) {
    colours[each] = style.getPropertyValue('--' + each).trim();
  }
}

function redraw() {
  if (!pending) {
    pending = requestAnimationFrame(() => {
      pending = 0;
      drawAll();
    });
  }
}

function drawAll() {
  charts.forEach(each => each.draw());
  const range = document.getElementById('range');
  range.textContent = seconds(view.from, view.to - view.from) + ' to ' + seconds(view.to, view.to - view.from);
}

function show(from, to) {
  const span = Math.min(Math.max(to - from, SPAN_MIN), data.length);
  const begin = Math.min(Math.max(from - (span - (to - from)) / 2, 0), data.length - span);
  view.from = begin;
  view.to = begin + span;
  redraw();
}

function zoom(factor, at) {
  show(at - (at - view.from) * factor, at + (view.to - at) * factor);
}

function move(share) {
  const by = (view.to - view.from) * share;
  show(view.from + by, view.to + by);
}

// A moment with as many places as the span makes worth while.
function seconds(micros, span) {
  const places = span > 20e6 ? 1 : span > 2e6 ? 2 : span > 20e3 ? 4 : 6;
  return (micros / 1e6).toFixed(places) + ' s';
}

function duration(micros) {
  if (micros >= 1e6) return (micros / 1e6).toPrecision(3) + ' s';
  if (micros >= 1e3) return (micros / 1e3).toPrecision(3) + ' ms';
  return micros + ' µs';
}

function element(parent, tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  parent.appendChild(made);
  return made;
}

// A canvas over time. `parts` has height(), paint(pen), and may have hit(x, y, pen), which says what is there.
class Chart {
  constructor(host, name, parts) {
    this.host = host;
    this.parts = parts;
    this.canvas = element(host, 'canvas');
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', name + '. Arrow keys move, plus and minus zoom.');
    this.listen();
    charts.push(this);
  }

  draw() {
    const width = this.host.clientWidth;
    const narrow = width < 600;
    this.host.classList.toggle('narrow', narrow);
    this.gutter = narrow ? this.parts.narrowGutter || 0 : 120;
    this.right = narrow ? 2 : 12;
    const height = this.parts.height(narrow) + 20;
    const density = Math.min(window.devicePixelRatio || 1, 16000 / height);
    if (this.canvas.width !== Math.round(width * density) || this.canvas.height !== Math.round(height * density)) {
      this.canvas.width = Math.round(width * density);
      this.canvas.height = Math.round(height * density);
      this.canvas.style.height = height + 'px';
    }
    const c = this.canvas.getContext('2d');
    c.setTransform(density, 0, 0, density, 0, 0);
    c.clearRect(0, 0, width, height);
    const left = this.gutter;
    const inner = Math.max(width - left - this.right, 1);
    const scale = inner / (view.to - view.from);
    this.pen = { c, left, inner, narrow, height: height - 20, x: time => left + (time - view.from) * scale };
    this.grid();
    c.save();
    c.beginPath();
    c.rect(left, 0, inner, height);
    c.clip();
    bands(this.pen);
    c.restore();
    this.parts.paint(this.pen);
  }

  grid() {
    const { c, left, inner, height, x } = this.pen;
    const span = view.to - view.from;
    const step = nice(span / Math.max(inner / 90, 2));
    c.font = '11px system-ui, "DejaVu Sans", sans-serif';
    c.textAlign = 'center';
    for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) {
      c.fillStyle = colours.line;
      c.fillRect(Math.round(x(at)), 0, 1, height);
      c.fillStyle = colours.soft;
      const text = +(at / 1e6).toFixed(6) + ' s';
      const half = c.measureText(text).width / 2;
      c.fillText(text, Math.min(Math.max(x(at), left + half), left + inner - half), height + 14);
    }
    c.textAlign = 'left';
  }

  timeAt(clientX) {
    const box = this.canvas.getBoundingClientRect();
    return view.from + (clientX - box.left - this.gutter) / this.pen.inner * (view.to - view.from);
  }

  said(event) {
    if (!this.parts.hit) return null;
    const box = this.canvas.getBoundingClientRect();
    return this.parts.hit(event.clientX - box.left, event.clientY - box.top, this.pen);
  }

  listen() {
    const canvas = this.canvas;
    const down = new Map();
    let moved = 0;
    canvas.addEventListener('pointerdown', event => {
      canvas.setPointerCapture(event.pointerId);
      down.set(event.pointerId, event.clientX);
      moved = 0;
    });
    canvas.addEventListener('pointermove', event => {
      if (!down.has(event.pointerId)) {
        if (event.pointerType === 'mouse') tip(this.said(event), event);
        return;
      }
      const before = [...down.values()];
      const by = event.clientX - down.get(event.pointerId);
      moved += Math.abs(by);
      down.set(event.pointerId, event.clientX);
      const span = view.to - view.from;
      if (before.length === 1) {
        show(view.from - by / this.pen.inner * span, view.to - by / this.pen.inner * span);
      } else {
        const after = [...down.values()];
        const factor = Math.max(Math.abs(before[0] - before[1]), 10) / Math.max(Math.abs(after[0] - after[1]), 10);
        zoom(factor, this.timeAt((after[0] + after[1]) / 2));
      }
      tip(null);
    });
    const up = event => {
      if (down.delete(event.pointerId) && event.type === 'pointerup' && moved < 4) {
        const said = this.said(event);
        if (said) document.getElementById('picked').textContent = said.replace(/\n/g, ' · ');
        if (event.pointerType !== 'mouse') tip(said, event);
      }
    };
    canvas.addEventListener('pointerup', up);
    canvas.addEventListener('pointercancel', up);
    canvas.addEventListener('pointerleave', () => tip(null));
    canvas.addEventListener('dblclick', event => zoom(0.4, this.timeAt(event.clientX)));
    canvas.addEventListener('wheel', event => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        zoom(Math.exp(event.deltaY / 300), this.timeAt(event.clientX));
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        move(event.deltaX / this.pen.inner);
      }
    }, { passive: false });
    canvas.addEventListener('keydown', event => {
      const deed = { ArrowLeft: 'left', ArrowRight: 'right', '+': 'in', '=': 'in', '-': 'out', '0': 'all' }[event.key];
      if (deed && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        perform(deed);
      }
    });
  }
}

function nice(least) {
  const ten = Math.pow(10, Math.floor(Math.log10(least)));
  return ten * [1, 2, 5, 10].find(each => each * ten >= least * 0.999);
}

function bands({ c, x, height }) {
  for (const each of data.strikes) {
    const from = x(each.from);
    const width = Math.max(x(each.to) - from, 1);
    c.fillStyle = colours.band;
    c.globalAlpha = 0.16;
    c.fillRect(from, 0, width, height);
    c.globalAlpha = 0.7;
    c.fillRect(from, 0, 1, height);
    c.fillRect(from + width, 0, 1, height);
    c.globalAlpha = 1;
  }
}

let tipBox = null;
function tip(text, event) {
  tipBox = tipBox || element(document.body, 'div', 'tip');
  tipBox.hidden = !text;
  if (text) {
    tipBox.textContent = text;
    const box = tipBox.getBoundingClientRect();
    tipBox.style.left = Math.max(4, Math.min(event.clientX + 12, innerWidth - box.width - 4)) + 'px';
    const above = event.clientY - box.height - 12;
    tipBox.style.top = (above > 4 ? above : event.clientY + 16) + 'px';
  }
}

function perform(deed) {
  const middle = (view.from + view.to) / 2;
  if (deed === 'in') zoom(0.5, middle);
  if (deed === 'out') zoom(2, middle);
  if (deed === 'left') move(-0.3);
  if (deed === 'right') move(0.3);
  if (deed === 'all') show(0, data.length);
}

// The address names a window: show it with a little of what was before and after.
function showWindow() {
  const found = data.windows.find(each => '#' + each.id === location.hash);
  if (found) {
    const around = Math.max((found.to - found.from) * 0.25, 100e3);
    show(found.from - around, found.to + around);
    document.getElementById('timeline').scrollIntoView();
  }
}

function start() {
  readColours();
  timeline();
  terms();
  latencies();
  rates();
  document.querySelectorAll('[data-do]').forEach(
    each => each.addEventListener('click', () => perform(each.dataset.do)));
  document.querySelectorAll('a[href^="#window-"]').forEach(
    each => each.addEventListener('click', () => setTimeout(showWindow)));
  addEventListener('hashchange', showWindow);
  addEventListener('resize', redraw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    readColours();
    redraw();
  });
  drawAll();
  showWindow();
}
