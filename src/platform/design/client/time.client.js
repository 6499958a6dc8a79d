// Makes moments relative and puts them into the viewer's zone; the server's text stays right without this.
const root = document.documentElement;
const language = root.lang === 'en' ? 'en-GB' : root.lang;
const siteZone = root.dataset.zone;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? siteZone;
const relative = new Intl.RelativeTimeFormat(root.lang, { numeric: 'always', style: 'short' });
const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const date = { day: 'numeric', month: 'short', year: 'numeric' };

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

function say(at, options, timeZone = zone) {
  return new Intl.DateTimeFormat(language, { timeZone, ...options }).format(at);
}

function absolute(at, style) {
  const now = Date.now();
  if (style === 'date') return say(at, date);
  if (style === 'full') return `${say(at, date)}, ${say(at, clock)}`;
  if (say(at, date) === say(now, date)) return say(at, clock);
  const sameYear = say(at, { year: 'numeric' }) === say(now, { year: 'numeric' });
  return `${say(at, sameYear ? { day: 'numeric', month: 'short' } : date)}, ${say(at, clock)}`;
}

function ago(ms) {
  const [unit, size] = UNITS.find(([, length]) => ms >= length) ?? UNITS[3];
  return relative.format(-Math.floor(ms / size), unit);
}

function lasting(ms) {
  const found = UNITS.findIndex(([, length]) => ms >= length);
  const index = found === -1 ? 3 : found;
  const whole = Math.floor(ms / UNITS[index][1]);
  const part = (amount, unit) =>
    new Intl.NumberFormat(root.lang, { style: 'unit', unit, unitDisplay: 'short' }).format(amount);
  if (index === 3 || whole >= 10) return part(whole, UNITS[index][0]);
  const rest = Math.floor((ms % UNITS[index][1]) / UNITS[index + 1][1]);
  return rest === 0
    ? part(whole, UNITS[index][0])
    : `${part(whole, UNITS[index][0])} ${part(rest, UNITS[index + 1][0])}`;
}

function show(element) {
  const at = Date.parse(element.dateTime);
  // A bare date is a day, not a moment.
  if (Number.isNaN(at) || element.dateTime.length === 10) return;
  const age = Math.max(0, Date.now() - at);
  const text = absolute(at, element.dataset.style);
  const { rel } = element.dataset;
  const shown = rel === 'ago' ? ago(age) : rel === 'lasting' ? `${text} (${lasting(age)})` : text;
  if (element.textContent !== shown) element.textContent = shown;
  element.title = `${say(at, { ...date, ...clock, timeZoneName: 'short' })}`;
  if (zone !== siteZone) element.title += ` · ${say(at, { ...date, ...clock, timeZoneName: 'short' }, siteZone)}`;
}

function showAll() {
  for (const element of document.querySelectorAll('time')) show(element);
  const note = document.querySelector('[data-zone-note]');
  if (note && zone !== siteZone) note.textContent = note.dataset.zoneNote.replace('{zone}', zone);
}

showAll();
document.addEventListener('signalbox:updated', showAll);
setInterval(() => {
  for (const element of document.querySelectorAll('time[data-rel]')) show(element);
  const wall = document.querySelector('.wall .clock time');
  if (wall) {
    wall.dateTime = new Date().toISOString();
    show(wall);
  }
}, 1000);
