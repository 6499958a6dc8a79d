// Makes moments relative and puts them into the viewer's zone; the server's text stays right without this.
const root = document.documentElement;
const language = root.lang === 'en' ? 'en-GB' : root.lang;
const siteZone = root.dataset.zone;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? siteZone;
const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const date = { day: 'numeric', month: 'short', year: 'numeric' };

const SIZES = [86_400_000, 3_600_000, 60_000, 1000];
const units = (root.dataset.units ?? 'd h min s').split(' ');

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

function span(ms, parts) {
  const found = SIZES.findIndex((size) => ms >= size);
  const index = found === -1 ? 3 : found;
  const whole = Math.floor(ms / SIZES[index]);
  const first = `${whole} ${units[index]}`;
  if (parts === 1 || index === 3 || whole >= 10) return first;
  const rest = Math.floor((ms % SIZES[index]) / SIZES[index + 1]);
  return rest === 0 ? first : `${first} ${rest} ${units[index + 1]}`;
}

function ago(ms) {
  return (root.dataset.ago ?? '{}').replace('{}', span(ms, 1));
}

function show(element) {
  const at = Date.parse(element.dateTime);
  // A bare date is a day, not a moment.
  if (Number.isNaN(at) || element.dateTime.length === 10) return;
  const age = Math.max(0, Date.now() - at);
  const text = absolute(at, element.dataset.style);
  const { rel } = element.dataset;
  const shown = rel === 'ago' ? ago(age) : rel === 'lasting' ? `${text} (${span(age, 2)})` : text;
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
