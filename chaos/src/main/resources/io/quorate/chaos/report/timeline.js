// Swim lanes of operations and of masters.
const ROWS_MAX = 8;

// Puts spans, which come by start, into rows where they do not overlap; what is too much shares the last row.
function rowsOf(spans, most) {
  const ends = [];
  for (const each of spans) {
    let row = ends.findIndex(end => end <= each.from);
    if (row < 0) row = Math.min(ends.length, most - 1);
    ends[row] = Math.max(ends[row] || 0, each.to);
    each.row = row;
  }
  return Math.max(ends.length, 1);
}

function lanesOf() {
  const lanes = data.processes.map(name => ({ name, operations: [], events: [] }));
  const o = data.operations;
  for (let i = 0; i < o.start.length; i++) {
    const lane = lanes[o.process[i]];
    if (lane) lane.operations.push({ i, from: o.start[i], to: o.start[i] + o.took[i], outcome: o.outcome[i] });
  }
  const e = data.events;
  for (let i = 0; i < e.time.length; i++) {
    const lane = lanes[e.process[i]];
    if (lane) lane.events.push({ i, at: e.time[i] });
  }
  for (const lane of lanes) lane.rows = lane.operations.length ? rowsOf(lane.operations, ROWS_MAX) : 0;
  return lanes;
}

function timeline() {
  const host = document.getElementById('lanes');
  const lanes = lanesOf();
  const strikes = data.strikes.map(each => ({ ...each, label: each.nemesis + ': ' + each.what }));
  const strikeRows = rowsOf(strikes, ROWS_MAX);
  const windows = data.windows.map(each => ({ ...each, label: each.checker })).sort((a, b) => a.from - b.from);
  const windowRows = rowsOf(windows, ROWS_MAX);
  const marks = [];
  if (windows.length) marks.push({ name: 'verdicts', bars: windows, rows: windowRows, colour: 'bad' });
  if (strikes.length) marks.push({ name: 'nemesis', bars: strikes, rows: strikeRows, colour: 'band' });
  for (const each of marks) each.label = element(host, 'div', 'lane mark', each.name);
  for (const each of lanes) {
    each.label = element(host, 'div', 'lane', each.name);
    each.label.dataset.process = each.name;
    const events = each.events.length ? ', ' + each.events.length.toLocaleString('en') + ' told' : '';
    element(each.label, 'small', '', each.operations.length.toLocaleString('en') + ' ops' + events);
  }

  function layout(narrow) {
    let y = 2;
    for (const each of marks) {
      each.y = y + (narrow ? 16 : 0);
      each.height = each.rows * 18;
      each.label.style.top = y + 'px';
      y = each.y + each.height + 4;
    }
    for (const each of lanes) {
      each.thick = each.rows > 3 ? 6 : 9;
      each.top = y;
      each.y = y + (narrow ? 17 : 4);
      const rows = each.rows * each.thick;
      each.eventsY = each.y + rows + 5;
      each.label.style.top = y + 2 + 'px';
      const bottom = each.y + rows + (each.events.length ? 10 : 0) + 4;
      y = Math.max(bottom, y + (narrow ? 24 : 36));
      each.bottom = y;
    }
    return y;
  }

  function paint(pen) {
    const { c, left, inner, x } = pen;
    for (const each of lanes) {
      c.fillStyle = colours.line;
      c.fillRect(0, each.bottom, left + inner, 1);
    }
    c.save();
    c.beginPath();
    c.rect(left, 0, inner, pen.height);
    c.clip();
    for (const each of lanes) {
      paintEvents(pen, each);
      // What went wrong is painted last, so that it is never hidden by what went well.
      for (const outcome of [0, 1, 2]) paintOperations(pen, each, outcome);
    }
    for (const mark of marks) for (const each of mark.bars) paintBar(pen, mark, each);
    c.strokeStyle = colours.bad;
    c.lineWidth = 2;
    for (const each of windows) c.strokeRect(x(each.from) - 2, 1, x(each.to) - x(each.from) + 4, pen.height - 2);
    c.restore();
  }

  function hit(px, py, pen) {
    const mark = marks.find(each => py >= each.y && py < each.y + each.height);
    if (mark) {
      const found = mark.bars.find(each =>
        each.row === Math.floor((py - mark.y) / 18) && px >= pen.x(each.from) - 3 && px <= pen.x(each.to) + 3);
      return found ? found.label + '\n' + seconds(found.from, 1e6) + ' to ' + seconds(found.to, 1e6)
        + (found.healed === false ? ', never healed' : '') : null;
    }
    const lane = lanes.find(each => py >= each.top && py < each.bottom);
    if (!lane) return null;
    const operation = nearest(pen, px, lane.operations.filter(each => {
      const y = lane.y + each.row * lane.thick;
      return py >= y - 3 && py <= y + lane.thick + 3;
    }));
    if (operation) return tellOperation(operation.i);
    const event = nearest(pen, px, lane.events.map(each => ({ i: each.i, from: each.at, to: each.at })));
    return event && py > lane.eventsY - 6 ? tellEvent(event.i) : null;
  }

  new Chart(host, 'Operations of ' + lanes.length + ' processes over time',
    { height: layout, paint, hit, narrowGutter: 2 });
}

function nearest(pen, px, spans) {
  let best = null;
  let least = 5;
  for (const each of spans) {
    const from = pen.x(each.from);
    const to = pen.x(each.to);
    // A bar that is about as narrow as the pointer wins over a long one beneath it.
    const distance = Math.max(from - px, px - to, 0) + Math.min(to - from, 1000) / 1e4;
    if (distance < least || (distance === least && each.outcome > 0)) {
      best = each;
      least = distance;
    }
  }
  return best;
}

function tellOperation(i) {
  const o = data.operations;
  const about = [data.kinds[o.kind[i]], o.key[i], o.value[i]].filter(Boolean).join(' ');
  const error = data.errors[o.error[i]];
  return about + '\n' + OUTCOMES[o.outcome[i]] + (o.open[i] ? '' : ' after ' + duration(o.took[i]))
    + (error ? ': ' + error : '') + '\n' + data.processes[o.process[i]] + ', ' + (o.start[i] / 1e6).toFixed(4)
    + ' s, history.jsonl line ' + o.line[i];
}

function tellEvent(i) {
  const e = data.events;
  return 'told: ' + data.kinds[e.kind[i]] + ' ' + e.key[i] + '\n' + data.processes[e.process[i]] + ', '
    + (e.time[i] / 1e6).toFixed(4) + ' s, history.jsonl line ' + e.line[i];
}

function paintOperations({ c, x }, lane, outcome) {
  const drawn = new Float64Array(ROWS_MAX).fill(-10);
  c.fillStyle = c.strokeStyle = colours[OUTCOMES[outcome]];
  c.lineWidth = 1.5;
  for (const each of lane.operations) {
    if (each.outcome !== outcome || each.to < view.from || each.from > view.to) continue;
    const from = Math.max(x(each.from), -10);
    const to = Math.min(x(each.to), 1e4);
    // Nothing is gained by painting a pixel twice.
    if (to <= drawn[each.row]) continue;
    const y = lane.y + each.row * lane.thick;
    const high = lane.thick - 2;
    const width = Math.max(to - from, outcome ? 2 : 1);
    drawn[each.row] = from + width;
    if (outcome === 2 && width > 5) {
      c.strokeRect(from + 0.75, y + 0.75, width - 1.5, high - 1.5);
    } else {
      c.fillRect(from, y, width, high);
    }
    if (outcome === 1 && width > 3) {
      c.beginPath();
      c.moveTo(from - 3, y - 2);
      c.lineTo(from + 4, y + high + 2);
      c.moveTo(from + 4, y - 2);
      c.lineTo(from - 3, y + high + 2);
      c.stroke();
    }
  }
}

function paintEvents({ c, x }, lane) {
  let last = -10;
  c.fillStyle = colours.told;
  for (const each of lane.events) {
    const at = x(each.at);
    if (at < last + 1 || each.at < view.from || each.at > view.to) continue;
    last = at;
    c.fillRect(at - 1.5, lane.eventsY - 1.5, 3, 3);
  }
}

function paintBar({ c, x, left, inner }, mark, bar) {
  const from = x(bar.from);
  const width = Math.max(x(bar.to) - from, 3);
  const y = mark.y + bar.row * 18;
  c.fillStyle = colours.bg;
  c.fillRect(from, y, width, 16);
  c.fillStyle = colours[mark.colour];
  c.globalAlpha = 0.3;
  c.fillRect(from, y, width, 16);
  c.globalAlpha = 1;
  c.fillRect(from, y, 3, 16);
  label(c, bar.label, Math.max(from, left), Math.min(from + width, left + inner), y + 12, colours.fg);
}

// Text between two pixels, cut to fit; nothing if hardly a word would.
function label(c, text, from, to, baseline, colour) {
  const room = to - from - 9;
  if (room < 14) return;
  let shown = text;
  if (c.measureText(text).width > room) {
    const fits = Math.floor(text.length * room / c.measureText(text).width) - 1;
    if (fits < 2) return;
    shown = text.slice(0, fits) + '…';
  }
  c.fillStyle = colour;
  c.fillText(shown, from + 6, baseline);
}

function terms() {
  const host = document.getElementById('terms');
  if (!host) return;
  const labels = data.masters.map(name => element(host, 'div', 'lane', name));
  const lane = narrow => narrow ? 42 : 26;

  function height(narrow) {
    labels.forEach((each, i) => { each.style.top = i * lane(narrow) + (narrow ? 2 : 6) + 'px'; });
    return data.masters.length * lane(narrow) + 2;
  }

  function paint({ c, x, left, inner, narrow, height }) {
    c.save();
    c.beginPath();
    c.rect(left, 0, inner, height);
    c.clip();
    c.lineWidth = 1;
    for (const each of data.reigns) {
      if (each.to < view.from || each.from > view.to) continue;
      const from = Math.max(x(each.from), left - 5);
      const to = Math.min(Math.max(x(each.to), from + 1), left + inner + 5);
      const y = each.master * lane(narrow) + (narrow ? 19 : 3);
      const colour = colours['term' + each.term % 4];
      c.fillStyle = colours.bg;
      c.fillRect(from, y, to - from, 20);
      if (each.state === 'down') {
        hatch(c, from, y, to - from, 20);
        label(c, 'down', from, to, y + 14, colours.fg);
      } else if (each.state === 'no answer') {
        c.strokeStyle = colours.down;
        c.setLineDash([3, 3]);
        c.strokeRect(from + 0.5, y + 0.5, to - from - 1, 19);
        c.setLineDash([]);
        label(c, 'no answer', from, to, y + 14, colours.soft);
      } else {
        c.fillStyle = colour;
        c.globalAlpha = each.state === 'leading' ? 1 : 0.2;
        c.fillRect(from, y, to - from, 20);
        c.globalAlpha = 1;
        const text = each.state === 'leading' ? 'leads term ' + each.term : 'term ' + each.term;
        label(c, text, from, to, y + 14, each.state === 'leading' ? colours.on : colours.fg);
      }
    }
    c.restore();
  }

  function hit(px, py, pen) {
    const found = data.reigns.find(each => each.master === Math.floor(py / lane(pen.narrow))
      && px >= pen.x(each.from) && px <= pen.x(each.to));
    return found ? data.masters[found.master] + ' ' + found.state + (found.term ? ' in term ' + found.term : '')
      + '\n' + seconds(found.from, 1e6) + ' to ' + seconds(found.to, 1e6) : null;
  }

  new Chart(host, 'Terms and leaders of ' + data.masters.length + ' masters over time', { height, paint, hit, narrowGutter: 2 });
}

function hatch(c, x, y, width, height) {
  c.save();
  c.beginPath();
  c.rect(x, y, width, height);
  c.clip();
  c.strokeStyle = colours.down;
  c.beginPath();
  for (let at = x - height; at < x + width; at += 6) {
    c.moveTo(at, y + height);
    c.lineTo(at + height, y);
  }
  c.stroke();
  c.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  c.restore();
}
