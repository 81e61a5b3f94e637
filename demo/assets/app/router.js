import { chatView, missingView, ordersView, plantView, plantsView } from './views.js';

const routes = [
  [/^\/app\/?$/, plantsView],
  [/^\/app\/plants\/([\w-]+)$/, plantView],
  [/^\/app\/orders$/, ordersView],
  [/^\/app\/chat$/, chatView],
];

/** Draws the view of the current address into `root`; follows links, and the browser's back and forward, by itself. */
export function createRouter({ root, tabs, context }) {
  let drawing = 0;

  async function draw() {
    const mine = ++drawing;
    const view = await buildView(location.pathname, context());
    // Of two views that load at once, the one that was asked for last stays.
    if (mine !== drawing) return;
    root.replaceChildren(view);
    for (const tab of tabs) {
      if (tab.pathname === location.pathname) tab.setAttribute('aria-current', 'page');
      else tab.removeAttribute('aria-current');
    }
    document.title = `${root.querySelector('h1').textContent} · Fernhill`;
  }

  async function navigate(path) {
    history.pushState(null, '', path);
    await draw();
    root.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    if (link === null || !isPlainClick(event) || link.origin !== location.origin) return;
    if (link.pathname !== '/app' && !link.pathname.startsWith('/app/')) return;
    event.preventDefault();
    void navigate(link.pathname);
  });
  addEventListener('popstate', () => void draw());

  return { draw, navigate };
}

function isPlainClick(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

async function buildView(path, context) {
  for (const [pattern, view] of routes) {
    const match = pattern.exec(path);
    if (match === null) continue;
    try {
      return await view(context, ...match.slice(1));
    } catch (error) {
      return failureView(error);
    }
  }
  return missingView();
}

function failureView(error) {
  const view = missingView();
  view.querySelector('h1').textContent = error.message;
  return view;
}
