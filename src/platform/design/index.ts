export { designAssets } from './assets.ts';
export { BADGE_HEADERS, type BadgeContent, badgeEndpoint, badgeSvg, type EndpointBadge } from './badge.ts';
export { designPage } from './design-page.ts';
export {
  type ButtonKind,
  button,
  buttonLink,
  checkbox,
  confirm,
  type FieldType,
  field,
  form,
  mistakes,
  select,
} from './form.ts';
export { historyBar, historyTable } from './history-bar.ts';
export { copyNotice, type LayoutOptions, layout, localeOf, staleNotice } from './layout.ts';
export { LEVEL_CLASS, lamp, levelWord } from './level.ts';
export * from './parts.ts';
export { type RowView, rowList, stateWord, whyLine } from './row.ts';
export { percent, uptimeText, uptimeView } from './uptime.ts';
export { duration, type Locale, type TimeStyle, time, timeText } from './when.ts';
