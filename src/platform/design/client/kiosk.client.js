// A wall screen: shows a screenful at a time, then goes to the next page.
const wall = document.querySelector('.wall[data-pages]');
const STAY_MS = 20_000;

function turn() {
  const bottom = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 8;
  if (!bottom) {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    window.scrollBy({ top: window.innerHeight * 0.85, behavior: still ? 'auto' : 'smooth' });
    return;
  }
  const pages = (wall.dataset.pages ?? '').split(' ').filter(Boolean);
  const next = pages[(pages.indexOf(location.pathname) + 1) % pages.length];
  if (next === undefined || next === location.pathname) window.scrollTo({ top: 0 });
  // While the server is away the last page stays: an error page helps nobody in the room.
  else if (document.documentElement.dataset.offline === undefined) location.assign(`${next}?kiosk=1`);
}

if (wall) setInterval(turn, STAY_MS);
