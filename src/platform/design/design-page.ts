import { addMs, DAY, HOUR, LEVELS, type Level, MINUTE } from '../../core/index.ts';
import { type Html, html, joinHtml } from '../html/index.ts';
import type { Page, Visit } from '../http/index.ts';
import { badgeSvg } from './badge.ts';
import { designPageMessages } from './design-page-messages.ts';
import { SAMPLE_NOW, sampleDays, sampleRow, sampleUptime } from './design-samples.ts';
import { button, buttonLink, checkbox, confirm, field, form, mistakes, select } from './form.ts';
import { historyBar, historyTable } from './history-bar.ts';
import { lamp, levelWord, stateView } from './level.ts';
import * as parts from './parts.ts';
import { type RowView, rowList } from './row.ts';
import { uptimeView } from './uptime.ts';
import { duration, time } from './when.ts';

type Words = ReturnType<typeof designPageMessages>;

/** What every sample needs: the words, the view, and a suffix that keeps its ids apart from the other pane's. */
interface Sample {
  words: Words;
  view: RowView;
  pane: 'light' | 'dark';
}

/** `/design`: each part in every state on light and dark ground; `?kiosk=1` shows the same as a wall screen. */
export function designPage(visit: Visit): Page {
  const words = designPageMessages(visit.language);
  const view: RowView = {
    language: visit.language,
    timezone: 'UTC',
    now: SAMPLE_NOW,
    link: (path) => visit.link(path),
  };
  const main = html`<div class="heading"><h1>${words.title}</h1><p class="soft">${words.intro} <a href="${visit.link('/design')}?kiosk=1">${words.seeKiosk}</a></p></div>
<div class="panes">${pane({ words, view, pane: 'light' })}${pane({ words, view, pane: 'dark' })}</div>`;
  return { title: words.title, main, nav: '/design' };
}

function pane(sample: Sample): Html {
  const { words, pane: name } = sample;
  return html`<section class="pane ${name}" aria-label="${words[name]}">${[
    levels,
    banners,
    tiles,
    rows,
    days,
    notices,
    empty,
    forms,
    buttons,
    tables,
    small,
    badges,
  ].map((make) => make(sample))}</section>`;
}

function levels({ words, view }: Sample): Html {
  const each = LEVELS.map((level) => html`<p>${stateView(view.language, level)}</p>`);
  return parts.card({ title: words.levels, body: html`<div class="samples">${each}</div>` });
}

function banners({ words, view }: Sample): Html {
  return html`<h2>${words.banners}</h2><div class="stack">${LEVELS.map((level) =>
    banner(level, words.sentence(levelWord(view.language, level)), words),
  )}</div>`;
}

/** As on a page, but without the page's one heading. */
function banner(level: Level, title: string, words: Words): Html {
  return parts.banner({
    level,
    title,
    text: words.text,
    heading: 'h3',
    ...(level === 'major_outage' ? { actions: buttonLink('#main', words.action) } : {}),
  });
}

function tiles({ words, view }: Sample): Html {
  return html`<h2>${words.tiles}</h2>${parts.tiles(
    LEVELS.map((level, index) =>
      parts.tile({
        title: levelWord(view.language, level),
        href: '#main',
        level,
        figure: index + 1,
        text: duration(index * HOUR + 12 * MINUTE, view.language),
      }),
    ),
  )}`;
}

function rows({ words, view }: Sample): Html {
  const confidential = sampleRow('degraded', view);
  const hidden = {
    ...confidential,
    key: 'sample/hidden',
    status: {
      ...confidential.status,
      maintenance: true,
      why: {
        ...confidential.status.why,
        signals: confidential.status.why.signals.map((signal) => ({ ...signal, confidential: true })),
      },
    },
  };
  const caused = { ...sampleRow('partial_outage', view, { causedBy: ['sample/krios-1'] }), key: 'sample/caused' };
  const list = [...LEVELS.map((level) => sampleRow(level, view)), hidden, caused];
  return parts.card({ title: words.rows, aside: words.rowsNote, flush: true, body: rowList(list, view) });
}

function days({ words, view, pane }: Sample): Html {
  const figures = [
    sampleUptime(),
    sampleUptime({ down: 13 * HOUR }),
    sampleUptime({ down: 9 * HOUR, unknown: 3 * DAY }),
    sampleUptime({ unknown: 3 * DAY }),
    sampleUptime({ unknown: 90 * DAY }),
  ];
  return parts.card({
    title: words.bars,
    body: html`<div class="long">${historyBar(view.language, sampleDays('major_outage'))}</div>${historyTable(
      view,
      sampleDays('unknown').slice(pane === 'light' ? -5 : -6),
    )}<h3>${words.uptimes}</h3><dl class="figures">${figures.map(
      (uptime) => html`<div><dt>${words.day}</dt><dd><b>${uptimeView(view.language, uptime)}</b></dd></div>`,
    )}</dl>`,
  });
}

function notices({ words, view }: Sample): Html {
  const kinds: readonly parts.NoticeKind[] = ['info', 'success', 'warning', 'error'];
  return html`<h2>${words.notices}</h2><div class="stack">${kinds.map((kind) =>
    parts.notice(kind, view.language, words.message(kind)),
  )}</div>`;
}

function empty({ words }: Sample): Html {
  return html`<h2>${words.empty}</h2>${parts.emptyState({
    title: words.nothing,
    text: words.nothingText,
    action: buttonLink('#main', words.action),
    heading: 'h3',
  })}`;
}

function forms({ words, view, pane: name }: Sample): Html {
  const id = (field: string) => `${name}-${field}`;
  const options = [
    { value: 'a', text: words.first },
    { value: 'b', text: words.second },
  ];
  return parts.card({
    title: words.forms,
    body: form({
      action: '#main',
      csrf: html``,
      label: `${words.forms} (${words[name]})`,
      body: html`${mistakes(view.language, [words.fieldWrong])}${field({
        id: id('name'),
        name: 'name',
        label: words.fieldName,
        hint: words.fieldHint,
        value: 'Krios 1',
      })}${field({ id: id('wrong'), name: 'wrong', label: words.fieldName, value: '', error: words.fieldWrong, required: true })}${field(
        {
          id: id('secret'),
          name: 'secret',
          label: words.secret,
          type: 'password',
          autocomplete: 'new-password',
        },
      )}${field({ id: id('text'), name: 'text', label: words.longText, rows: 3, value: words.text })}${select({
        id: id('choice'),
        name: 'choice',
        label: words.choice,
        options,
        value: 'b',
      })}${checkbox({ id: id('check'), name: 'check', label: words.check, hint: words.text, checked: true })}${button(words.action)}`,
    }),
  });
}

function buttons({ words, view }: Sample): Html {
  const each = [
    button(words.action),
    button(words.action, { kind: 'plain' }),
    button(words.dangerous, { kind: 'danger' }),
    button(words.disabled, { disabled: true }),
    button(words.action, { kind: 'plain', small: true }),
    buttonLink('#main', words.link),
  ];
  const asking = confirm({
    action: '#main',
    csrf: html``,
    text: words.dangerous,
    question: words.question,
    language: view.language,
  });
  return parts.card({ title: words.buttons, body: html`<div class="samples">${each}</div>${asking}` });
}

function tables({ words, view, pane: name }: Sample): Html {
  return parts.card({
    title: words.tables,
    flush: true,
    body: parts.table({
      caption: `${words.tables} (${words[name]})`,
      rows: LEVELS,
      columns: [
        { title: words.levels, cell: (level) => html`${lamp(level)} ${levelWord(view.language, level)}` },
        { title: words.day, cell: (level) => time(addMs(SAMPLE_NOW, -LEVELS.indexOf(level) * DAY), view) },
        { title: words.figure, numeric: true, cell: (level) => LEVELS.indexOf(level) * 17 },
      ],
    }),
  });
}

function small({ words, view, pane: name }: Sample): Html {
  const { language } = view;
  const views = [1, 2, 3].map((index) => ({ href: '#main', text: words.tab(index), current: index === 1 }));
  return parts.card({
    title: words.small,
    body: html`${parts.breadcrumbs(language, [{ href: '#main', text: words.first }], words.second, `${words.second} (${words[name]})`)}
${parts.tabs(`${words.small} (${words[name]})`, views)}
<p>${joinHtml(
      LEVELS.map((level) => parts.tag(levelWord(language, level), level)),
      ' ',
    )}</p>
${parts.pagination({ page: 2, pages: 3, href: () => '#main', language, label: `${words.tables} 2 (${words[name]})` })}
${parts.timeline([
  { level: 'major_outage', title: words.happened, when: time(SAMPLE_NOW, view), body: words.because },
  { level: 'operational', title: words.happened, when: time(addMs(SAMPLE_NOW, -DAY), view) },
])}
${parts.codeBlock(`${words.code} (${words[name]})`, '[![x](https://signalbox.example.org/badges/sample/x.svg)](https://signalbox.example.org)')}`,
  });
}

function badges({ words, view }: Sample): Html {
  const { language } = view;
  const contents = [
    ...LEVELS.map((level) => ({
      label: sampleRow(level, view).name,
      message: levelWord(language, level),
      level,
      language,
    })),
    {
      label: 'Aquilos 1',
      message: 'RUNNING | INFO',
      level: 'operational' as const,
      labelLevel: 'notice' as const,
      language,
    },
    { label: '', message: levelWord(language, 'unknown'), level: 'unknown' as const, language },
  ];
  const pictures = contents.map((content) => {
    const source = `data:image/svg+xml,${encodeURIComponent(badgeSvg(content).toString())}`;
    return html`<img src="${source}" alt="${content.label} ${content.message}" height="20">`;
  });
  return parts.card({ title: words.badges, body: html`<p class="pictures">${pictures}</p>` });
}
