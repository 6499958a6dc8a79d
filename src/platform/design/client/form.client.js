// Makes longer forms easier; everything in them works without this.
function letters(text) {
  return [...text.replace(/\r\n?/g, '\n')].length;
}

/** Says beside a field how many characters are left. */
function count(input) {
  const note = document.createElement('span');
  note.className = 'count';
  note.setAttribute('aria-hidden', 'true');
  const show = () => {
    const most = Number(input.dataset.most);
    const left = most - letters(input.value);
    // Long texts are told only when it gets tight.
    note.hidden = left > Math.max(200, most / 5);
    note.textContent = String(left);
    note.classList.toggle('mj', left < 0);
  };
  input.closest('.field')?.querySelector('label')?.append(note);
  input.addEventListener('input', show);
  show();
}

function plain(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** A box that leaves only those choices that have all its words; what is chosen always stays. */
function narrow(picker) {
  const place = picker.querySelector('[data-picker-find]');
  const input = place?.querySelector('input');
  if (!place || !input) return;
  const groups = [...picker.querySelectorAll('details')];
  const wasOpen = groups.map((group) => group.open);
  place.hidden = false;
  input.disabled = false;
  input.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault());
  input.addEventListener('input', () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    groups.forEach((group, index) => {
      const heading = plain(group.querySelector('summary')?.textContent ?? '');
      let shown = 0;
      for (const row of group.querySelectorAll('[data-choice]')) {
        const text = `${plain(row.textContent)} ${heading}`;
        row.hidden = !words.every((word) => text.includes(word)) && !row.querySelector(':checked');
        if (!row.hidden) shown += 1;
      }
      group.hidden = shown === 0;
      group.open = words.length > 0 ? shown > 0 : wasOpen[index];
    });
  });
}

/** The box for a whole row follows its members, and they follow it. */
function together(row) {
  const whole = row.querySelector('[data-whole]');
  const members = [...row.querySelectorAll('[data-member]')];
  if (!whole || members.length === 0) return;
  const follow = () => {
    whole.checked = members.every((member) => member.checked);
    whole.indeterminate = !whole.checked && members.some((member) => member.checked);
  };
  whole.addEventListener('change', () => {
    for (const member of members) member.checked = whole.checked;
  });
  for (const member of members) member.addEventListener('change', follow);
  follow();
}

for (const input of document.querySelectorAll('main [data-most]')) count(input);
for (const picker of document.querySelectorAll('[data-picker]')) narrow(picker);
for (const row of document.querySelectorAll('[data-choice]')) together(row);
// What somebody has begun to write is not exchanged under their hands.
document.addEventListener('input', (event) => {
  const form = event.target instanceof Element ? event.target.closest('main form[method="post"]') : null;
  if (form) form.dataset.edited = '';
});
