// Latency and rate, a panel for each kind of operation.
const PANEL = 150;

function panel(host, series, said) {
  const made = element(document.getElementById(host), 'div', 'panel');
  const heading = element(made, 'h3', '', data.kinds[series.kind] + ' ');
  element(heading, 'small', '', said);
  return element(made, 'div', 'chart');
}

function axis({ c, left, inner }, y, text, narrow) {
  c.fillStyle = colours.line;
  c.fillRect(left, Math.round(y), inner, 1);
  c.fillStyle = colours.soft;
  c.textAlign = 'right';
  c.fillText(text, left - 5, Math.min(Math.max(y + 4, 9), PANEL));
  c.textAlign = 'left';
}

function polyline(pen, series, values, y, colour, dash, width) {
  const { c, x } = pen;
  c.strokeStyle = colour;
  c.lineWidth = width;
  c.setLineDash(dash);
  c.beginPath();
  let open = false;
  values.forEach((value, i) => {
    if (value === null) {
      open = false;
      return;
    }
    const px = x((i + 0.5) * series.step);
    if (open) c.lineTo(px, y(value));
    else c.moveTo(px - 2, y(value));
    c.lineTo(px + 2, y(value));
    open = true;
  });
  c.stroke();
  c.setLineDash([]);
}

function clipped(pen, paint) {
  const { c, left, inner } = pen;
  c.save();
  c.beginPath();
  c.rect(left, 0, inner, PANEL + 2);
  c.clip();
  paint();
  c.restore();
}

function latencies() {
  const o = data.operations;
  for (const series of data.series) {
    const points = [];
    let least = 1e12;
    let most = 1;
    const counts = [0, 0, 0];
    for (let i = 0; i < o.start.length; i++) {
      if (o.kind[i] !== series.kind || o.open[i]) continue;
      const took = Math.max(o.took[i], 1);
      points.push({ i, at: o.start[i], took, outcome: o.outcome[i] });
      counts[o.outcome[i]]++;
      least = Math.min(least, took);
      most = Math.max(most, took);
    }
    if (!points.length) continue;
    const low = Math.floor(Math.log10(least));
    const high = Math.max(Math.ceil(Math.log10(most)), low + 1);
    const y = took => PANEL - (Math.log10(Math.max(took, 1)) - low) / (high - low) * (PANEL - 6);
    const said = OUTCOMES.map((each, i) => counts[i].toLocaleString('en') + ' ' + each).join(', ') + ' drawn';

    const paint = pen => {
      for (let ten = low; ten <= high; ten++) axis(pen, y(Math.pow(10, ten)), round(Math.pow(10, ten)));
      clipped(pen, () => {
        const taken = new Set();
        for (const outcome of [0, 2, 1]) {
          for (const each of points) {
            if (each.outcome !== outcome || each.at < view.from || each.at > view.to) continue;
            const px = pen.x(each.at);
            const py = y(each.took);
            const cell = (Math.round(px) * 1000 + Math.round(py)) * 3 + outcome;
            if (taken.has(cell)) continue;
            taken.add(cell);
            marker(pen.c, px, py, outcome);
          }
        }
        polyline(pen, series, series.quantiles.p50, y, colours.fg, [], 2);
        polyline(pen, series, series.quantiles.p95, y, colours.fg, [6, 4], 1.5);
        polyline(pen, series, series.quantiles.p99, y, colours.fg, [2, 3], 1.5);
      });
    };

    const hit = (px, py, pen) => {
      let best = null;
      let least = 36;
      for (const each of points) {
        const distance = (pen.x(each.at) - px) ** 2 + (y(each.took) - py) ** 2;
        if (distance < least) {
          best = each;
          least = distance;
        }
      }
      return best ? tellOperation(best.i) : null;
    };
    new Chart(panel('latencies', series, said), 'Latency of ' + data.kinds[series.kind],
      { height: () => PANEL, paint, hit, narrowGutter: 48 });
  }
}

function round(micros) {
  return micros >= 1e6 ? micros / 1e6 + ' s' : micros >= 1e3 ? micros / 1e3 + ' ms' : micros + ' µs';
}

function marker(c, x, y, outcome) {
  c.lineWidth = 1.5;
  c.fillStyle = c.strokeStyle = colours[OUTCOMES[outcome]];
  c.beginPath();
  if (outcome === 0) {
    c.globalAlpha = 0.5;
    c.arc(x, y, 1.8, 0, 7);
    c.fill();
    c.globalAlpha = 1;
  } else if (outcome === 1) {
    c.moveTo(x - 3, y - 3);
    c.lineTo(x + 3, y + 3);
    c.moveTo(x + 3, y - 3);
    c.lineTo(x - 3, y + 3);
    c.stroke();
  } else {
    c.moveTo(x, y - 4);
    c.lineTo(x + 4, y + 3);
    c.lineTo(x - 4, y + 3);
    c.closePath();
    c.stroke();
  }
}

function rates() {
  for (const series of data.series) {
    const values = OUTCOMES.map(each => series.perSecond[each]);
    const most = nice(values.flat().reduce((a, b) => Math.max(a, b), 1e-3));
    const y = rate => PANEL - rate / most * (PANEL - 6);
    const paint = pen => {
      for (const share of [0, 0.5, 1]) axis(pen, y(most * share), +(most * share).toPrecision(3) + '/s');
      clipped(pen, () => {
        area(pen, series, values[0], y);
        polyline(pen, series, values[0], y, colours.ok, [], 2);
        // Nothing wrong at all is not worth a line along the bottom.
        if (values[1].some(each => each > 0)) polyline(pen, series, values[1], y, colours.fail, [6, 4], 2);
        if (values[2].some(each => each > 0)) polyline(pen, series, values[2], y, colours.info, [2, 3], 2);
      });
    };
    const hit = (px, py, pen) => {
      const at = view.from + (px - pen.left) / pen.inner * (view.to - view.from);
      const step = Math.floor(at / series.step);
      if (step < 0 || step >= values[0].length) return null;
      return OUTCOMES.map((each, i) => each + ' ' + values[i][step] + '/s').join(', ') + '\n'
        + seconds(step * series.step, 1e6) + ' to ' + seconds((step + 1) * series.step, 1e6);
    };
    new Chart(panel('rates', series, 'completions a second, in steps of ' + duration(series.step)),
      'Rate of ' + data.kinds[series.kind], { height: () => PANEL, paint, hit, narrowGutter: 48 });
  }
}

function area(pen, series, values, y) {
  const { c, x } = pen;
  c.fillStyle = colours.ok;
  c.globalAlpha = 0.12;
  c.beginPath();
  c.moveTo(x(series.step * 0.5), PANEL);
  values.forEach((value, i) => c.lineTo(x((i + 0.5) * series.step), y(value)));
  c.lineTo(x((values.length - 0.5) * series.step), PANEL);
  c.fill();
  c.globalAlpha = 1;
}
