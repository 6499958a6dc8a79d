export { attributes, cleanText, type Html, html, isHtml, joinHtml, trustedHtml, type View } from './html.ts';
