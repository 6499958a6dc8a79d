// Filters the list while typing; the same words find the same rows on the server with `?q=`.
const input = document.querySelector('.find input');

function plain(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function filter() {
  const groups = document.querySelectorAll('[data-filter]');
  if (!input || groups.length === 0) return;
  const words = plain(input.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const group of groups) {
    const heading = plain(group.querySelector('h2')?.firstChild?.textContent ?? '');
    let here = 0;
    for (const row of group.querySelectorAll(':is(.row, tr)[data-live]')) {
      const text = plain(`${row.dataset.live} ${(row.querySelector('.what') ?? row).textContent} ${heading}`);
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) here += 1;
    }
    group.hidden = here === 0;
    shown += here;
  }
  const none = document.querySelector('[data-no-match]');
  if (none) none.hidden = shown > 0 || words.length === 0;
}

/** Moves between the rows' links with j and k. */
function step(by) {
  const links = [...document.querySelectorAll(':is(.row .what, tr[data-live] th) a')].filter(
    (link) => !link.closest('[hidden]'),
  );
  const at = links.indexOf(document.activeElement);
  links[at === -1 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]')) {
    if (event.key === 'Escape' && event.target === input) {
      input.value = '';
      filter();
      input.blur();
    }
    return;
  }
  if (event.key === '/' && input) {
    event.preventDefault();
    input.focus();
    input.select();
  } else if (event.key === 'j') step(1);
  else if (event.key === 'k') step(-1);
});

input?.addEventListener('input', filter);
document.addEventListener('signalbox:updated', filter);
// A list that the server has filtered already cannot be widened here: then the form is sent as it is.
