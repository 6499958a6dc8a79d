// Keeps a page current: the stream says that something changed, the page is fetched again, what differs is exchanged.
const root = document.documentElement;
const base = root.dataset.base ?? '';
const offline = document.getElementById('offline');
const announce = document.getElementById('announce');
/** The server's markup of each live part, before other scripts touch it. */
let shown = parts(document);
const EVENTS = ['component.status_changed', 'change', 'news', 'ready', 'reset'];
let timer;
let fetching = false;
let again = false;
let cursor = '';

function parts(from) {
  return new Map([...from.querySelectorAll('[data-live]')].map((part) => [part.dataset.live, part.outerHTML]));
}

/** Live parts inside live parts: the inner ones, in their order, decide whether the outer one must go as a whole. */
function inner(part) {
  return [...part.querySelectorAll('[data-live]')].map((each) => each.dataset.live).join('\n');
}

function find(from, name) {
  return from.querySelector(`[data-live="${CSS.escape(name)}"]`);
}

/** How to find the focused element again in markup of the same kind. */
function pathOf(active) {
  if (active.id) return `#${CSS.escape(active.id)}`;
  const href = active.getAttribute('href');
  if (href !== null) return `a[href="${CSS.escape(href)}"]`;
  return active.name ? `[name="${CSS.escape(active.name)}"]` : null;
}

function exchange(old, fresh) {
  // Somebody is writing in it: that comes before news.
  if (old.querySelector('form[data-edited]')) return old;
  const active = document.activeElement;
  const held = old !== active && old.contains(active) ? pathOf(active) : null;
  const open = [...old.querySelectorAll('details')].map((each) => each.open);
  const node = document.importNode(fresh, true);
  for (const [index, each] of node.querySelectorAll('details').entries()) each.open = open[index] ?? each.open;
  old.replaceWith(node);
  if (held !== null) node.querySelector(held)?.focus({ preventScroll: true });
  return node;
}

/** What a row says: a change of its figures alone is not worth a flash. */
function saidBy(row) {
  return `${row.className.replace(' flash', '')} ${row.querySelector('.word')?.textContent}`;
}

function statesOf(from) {
  return new Map([...from.querySelectorAll(':is(.row, tr)[data-live]')].map((row) => [row.dataset.live, saidBy(row)]));
}

function apply(page) {
  const next = parts(page);
  const before = statesOf(document);
  for (const [name, markup] of next) {
    if (shown.get(name) === markup) continue;
    const old = find(document, name);
    const fresh = find(page, name);
    if (!old || !fresh) continue;
    const members = inner(fresh);
    if (members !== '' && members === inner(old)) continue;
    const node = exchange(old, fresh);
    if (node.dataset.announce !== undefined && announce) {
      announce.textContent = node.querySelector('.sentence')?.textContent ?? '';
    }
  }
  const missing = [...next.keys()].some((name) => !find(document, name));
  const surplus = [...shown.keys()].some((name) => !next.has(name) && find(document, name));
  // Parts that came or went where no list holds them: the page is another one now.
  if (missing || surplus) exchange(document.querySelector('main'), page.querySelector('main'));
  for (const [name, said] of statesOf(document)) {
    if (before.has(name) && before.get(name) !== said) flash(find(document, name));
  }
  shown = next;
  if (page.title) document.title = page.title;
  document.dispatchEvent(new CustomEvent('signalbox:updated'));
}

function flash(node) {
  node.classList.add('flash');
  node.addEventListener('animationend', () => node.classList.remove('flash'), { once: true });
}

async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    const headers = cursor === '' ? {} : { 'x-signalbox-after': cursor };
    const answer = await fetch(location.href, { headers, redirect: 'manual', cache: 'no-cache' });
    // Signed out meanwhile: the server says where to go.
    if (answer.type === 'opaqueredirect') return location.reload();
    if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    root.dataset.asOf = page.documentElement.dataset.asOf ?? root.dataset.asOf;
    apply(page);
    connected(true);
  } catch {
    connected(false);
  } finally {
    fetching = false;
    if (again) {
      again = false;
      soon();
    }
  }
}

/** Bursts are one fetch; a little chance keeps a thousand screens from asking in the same millisecond. */
function soon() {
  if (timer !== undefined) return;
  timer = setTimeout(
    () => {
      timer = undefined;
      void refresh();
    },
    40 + Math.random() * 160,
  );
}

function connected(yes) {
  if (yes) delete root.dataset.offline;
  else root.dataset.offline = '';
  if (!offline) return;
  offline.hidden = yes;
  if (yes) return;
  const at = new Date(root.dataset.asOf ?? Date.now());
  const time = new Intl.DateTimeFormat(root.lang, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  offline.textContent = offline.dataset.text.replace('{time}', time.format(at));
}

function follow() {
  const stream = new EventSource(`${base}/api/stream`);
  let lost;
  for (const type of EVENTS) {
    stream.addEventListener(type, (event) => {
      if (event.lastEventId) cursor = event.lastEventId;
      soon();
    });
  }
  stream.addEventListener('open', () => {
    clearTimeout(lost);
    lost = undefined;
    if (root.dataset.offline !== undefined) soon();
  });
  stream.addEventListener('error', () => {
    // A reconnect within two seconds is nobody's business.
    lost ??= setTimeout(() => connected(false), 2000);
    if (stream.readyState === EventSource.CLOSED) setTimeout(follow, 5000 + Math.random() * 5000);
  });
}

if (document.querySelector('main [data-live]')) {
  follow();
  // Evidence grows older without any event, and a dead line may look alive.
  setInterval(() => document.visibilityState === 'visible' && soon(), 60_000);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && soon());
}
