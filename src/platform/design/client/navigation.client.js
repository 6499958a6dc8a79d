// On a narrow screen the navigation scrolls sideways: the page one is on is in sight from the beginning.
const here = document.querySelector('nav.main [aria-current]');
const bar = here?.parentElement;

if (here && bar) bar.scrollLeft = here.offsetLeft - bar.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
