/** The one style sheet of the pages. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #f6f5f2; --card: #fff; --ink: #1d2126; --soft: #5a636e; --line: #dcd9d2;
  --accent: #3b4cb8; --accent-ink: #fff; --good: #1b6b3a; --closed: #5b3fa8; --warn: #8a4b08; --shadow: 0 1px 2px rgb(20 20 30 / .06); }
@media (prefers-color-scheme: dark) { :root { --ground: #15171a; --card: #1d2024; --ink: #e8e6e1; --soft: #a2abb6;
  --line: #33383f; --accent: #a9b5ff; --accent-ink: #14172b; --good: #6fd39a; --closed: #c0adff; --warn: #f0b26b; --shadow: none; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.top { display: flex; gap: .75rem; align-items: baseline; padding: .6rem 1.25rem; background: #262340; color: #f3f1ff; flex-wrap: wrap; }
.top a { color: inherit; font-weight: 650; } .top span { color: #c3bce6; font-size: .85rem; }
nav.tabs { display: flex; gap: .25rem; padding: 0 1rem; background: var(--card); border-bottom: 1px solid var(--line); overflow-x: auto; scrollbar-width: none; }
nav.tabs a { padding: .7rem .75rem; color: var(--soft); white-space: nowrap; border-bottom: 2px solid transparent; }
nav.tabs a[aria-current] { color: var(--ink); border-color: var(--accent); font-weight: 600; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; } h2 { font-size: 1.05rem; margin: 1.75rem 0 .6rem; }
p { margin: .4rem 0; } .soft { color: var(--soft); } .small { font-size: .85rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow); }
.pad { padding: 1rem 1.1rem; } .row { display: flex; gap: .6rem; align-items: center; flex-wrap: wrap; }
.between { justify-content: space-between; } .list { margin: 0; } .stack > * + * { margin-top: .9rem; }
.badges { display: flex; flex-wrap: wrap; gap: .4rem; margin: 1rem 0; padding: 0; list-style: none; }
.badges a { display: inline-block; min-height: 24px; } .badges img { display: block; min-height: 20px; max-width: 100%; font-size: .8rem; }
ul.list { list-style: none; padding: 0; } ul.list > li { padding: .7rem 1.1rem; border-top: 1px solid var(--line); }
ul.list > li:first-child { border-top: 0; } .title { font-weight: 600; color: var(--ink); overflow-wrap: anywhere; }
.label { display: inline-block; padding: .05rem .6rem; border-radius: 99px; font-size: .8rem; line-height: 1.5; border: 1px solid var(--line); overflow-wrap: anywhere; }
.state { display: inline-block; padding: .1rem .7rem; border-radius: 99px; font-size: .85rem; font-weight: 600; border: 1px solid currentColor; }
.opened { color: var(--good); } .closed { color: var(--closed); } .secret { color: var(--warn); }
button, .button { font: inherit; font-weight: 600; cursor: pointer; border-radius: 8px; padding: .45rem .9rem; min-height: 2.4rem; display: inline-block;
  border: 1px solid var(--line); background: var(--card); color: var(--ink); }
button.main, .button.main { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
button:hover, .button:hover { border-color: var(--accent); text-decoration: none; }
form.inline { display: inline; } label { display: block; font-weight: 600; }
input[type=text], textarea, select { font: inherit; font-weight: 400; width: 100%; padding: .5rem .6rem; border: 1px solid var(--line); border-radius: 8px;
  background: var(--ground); color: var(--ink); }
textarea { min-height: 6rem; resize: vertical; }
fieldset { border: 1px solid var(--line); border-radius: 8px; padding: .6rem .9rem; margin: 0; } legend { font-weight: 600; padding: 0 .3rem; }
.choices { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .15rem .8rem; }
.choices label, label.choice { font-weight: 400; display: flex; gap: .5rem; align-items: center; min-height: 2rem; }
.issue { display: grid; grid-template-columns: minmax(0, 1fr) 17rem; gap: 1.25rem; align-items: start; }
.board { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(15rem, 1fr); gap: 1rem; overflow-x: auto; padding-bottom: .5rem; }
.board h2 { margin: 0; padding: .7rem 1.1rem; border-bottom: 1px solid var(--line); }
.text { white-space: pre-wrap; overflow-wrap: anywhere; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .5rem 1.1rem; border-top: 1px solid var(--line); vertical-align: top; } thead th { border-top: 0; color: var(--soft); font-weight: 600; }
.scroll { overflow-x: auto; } code { font-family: ui-monospace, monospace; font-size: .85em; overflow-wrap: anywhere; }
@media (max-width: 700px) { .top span { display: none; } .issue { grid-template-columns: minmax(0, 1fr); } main { padding: 1rem .8rem 3rem; } }
`;
