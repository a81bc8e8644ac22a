// html_report_test.mjs BROWSER FOLDER: loads FOLDER/page.html and looks at it as its readers do.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Browser } from './browser.mjs';

const [program, folder] = process.argv.slice(2);
const url = pathToFileURL(join(folder, 'page.html')).href;
const browser = new Browser(program, join(folder, 'profile'));
const complaints = [];
const requests = [];
browser.on('Runtime.consoleAPICalled', ({ type, args }) => complaints.push(`${type}: ${JSON.stringify(args)}`));
browser.on('Runtime.exceptionThrown', ({ exceptionDetails }) => complaints.push(JSON.stringify(exceptionDetails)));
browser.on('Log.entryAdded', ({ entry }) => complaints.push(`${entry.level}: ${entry.text}`));
browser.on('Network.requestWillBeSent', ({ request }) => requests.push(request.url));

const send = await browser.tab();
for (const part of ['Page', 'Runtime', 'Log', 'Network']) await send(`${part}.enable`);

async function open(width, scheme) {
  await send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: false });
  await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  const loaded = once(browser, 'Page.loadEventFired');
  await send('Page.navigate', { url });
  await loaded;
}

// The value of a function that runs in the page.
async function inPage(call, ...values) {
  const expression = `(${call})(...${JSON.stringify(values)})`;
  const options = { expression, returnByValue: true, awaitPromise: true };
  const { result, exceptionDetails } = await send('Runtime.evaluate', options);
  assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
  return result.value;
}

const shownRows = () => inPage(() =>
  [...document.querySelectorAll('#case-table tbody tr')]
    .filter((row) => row.offsetParent).map((row) => row.dataset.outcome));

const setSearch = (text) => inPage((value) => {
  const search = document.getElementById('search');
  search.value = value;
  search.dispatchEvent(new Event('input', { bubbles: true }));
}, text);

const click = async (selector) => {
  const [x, y] = await inPage((one) => {
    const node = document.querySelector(one);
    node.scrollIntoView({ block: 'center' });
    const box = node.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }, selector);
  for (const type of ['mousePressed', 'mouseReleased'])
    await send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
};

// Texts whose colour is too near to what is behind it (WCAG 2.2, 1.4.3).
const faintTexts = () => inPage(() => {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !parent.offsetParent) continue;
    const own = luminance(channels(getComputedStyle(parent).color).slice(0, 3));
    const other = luminance(behind(parent));
    const ratio = (Math.max(own, other) + 0.05) / (Math.min(own, other) + 0.05);
    if (ratio < 4.5) faint.add(`${parent.tagName}.${parent.className} ${ratio.toFixed(2)}`);
  }
  return [...faint];
});

async function hostileTextsAreTexts() {
  await open(1280, 'light');
  assert.equal(await inPage(() => window.hit), undefined);
  const counts = await inPage(() =>
    ['script', 'img', 'svg:not(.bar)', 'iframe'].map((tag) => document.querySelectorAll(tag).length));
  assert.deepEqual(counts, [1, 0, 0, 0]);
  assert.ok(await inPage(() => document.body.textContent.includes('<img src=x onerror=')));
  assert.deepEqual(requests, [url]);
}

async function theOutlineIsWhole() {
  const levels = await inPage(() =>
    [...document.querySelectorAll('h1, h2, h3, h4, h5')].map((heading) => Number(heading.tagName[1])));
  assert.equal(levels[0], 1);
  levels.forEach((level, i) => assert.ok(i === 0 || level <= levels[i - 1] + 1, `heading ${i} of ${levels}`));
  assert.equal(await inPage(() => document.querySelectorAll('th:not([scope])').length), 0);
  const broken = await inPage(() => [...document.querySelectorAll('a[href^="#"]')]
    .map((link) => link.hash.slice(1)).filter((id) => !document.getElementById(id)));
  assert.deepEqual(broken, []);
}

async function filtersWork() {
  const all = await shownRows();
  assert.equal(all.length, 7);
  await click('#filter input[value=passed]');
  assert.deepEqual(await shownRows(), all.filter((outcome) => outcome !== 'passed'));
  assert.equal(await inPage(() => document.getElementById('matches').textContent), '5 of 7 shown');
  await setSearch('CLOCK expiry');
  assert.deepEqual(await shownRows(), ['skipped']);
  await setSearch('<img src=x');
  assert.deepEqual(await shownRows(), ['inconclusive']);
  await setSearch('');
  await click('#filter input[value=passed]');
  assert.deepEqual(await shownRows(), all);
}

async function copies() {
  await browser.send('Browser.grantPermissions', { permissions: ['clipboardReadWrite', 'clipboardSanitizedWrite'] });
  await send('Emulation.setFocusEmulationEnabled', { enabled: true });
  await click('button.copy[data-copy=curl-1]');
  const shown = await inPage(() => document.getElementById('curl-1').textContent);
  assert.equal(await inPage(() => navigator.clipboard.readText()), shown);
  assert.equal(await inPage(() => document.querySelector('button.copy[data-copy=curl-1]').textContent), 'Copied');
}

async function fitsEveryScreen() {
  for (const width of [390, 768, 1280]) {
    for (const scheme of ['light', 'dark']) {
      await open(width, scheme);
      await inPage(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
      assert.ok(await inPage(() => document.documentElement.scrollWidth) <= width, `wider than ${width}`);
      assert.deepEqual(await faintTexts(), [], scheme);
    }
  }
}

// Last, because the browser complains of it: what gets into the page in spite of all does not run.
async function thePolicyHolds() {
  assert.deepEqual(complaints, []);
  await inPage(() => {
    const script = document.createElement('script');
    script.textContent = 'window.hit = 4';
    document.body.append(script);
    document.body.setAttribute('onclick', 'window.hit = 5');
    document.body.click();
    document.body.insertAdjacentHTML('beforeend', '<img src="file:///x.png" onerror="window.hit = 6">');
  });
  await inPage(() => new Promise((resolve) => { requestAnimationFrame(resolve); }));
  assert.equal(await inPage(() => window.hit), undefined);
  assert.ok(complaints.some((text) => text.includes('Content Security Policy')), complaints.join('\n'));
}

try {
  for (const check of [hostileTextsAreTexts, theOutlineIsWhole, filtersWork, copies, fitsEveryScreen, thePolicyHolds]) {
    await check();
    console.log(`ok ${check.name}`);
  }
} finally {
  await browser.close();
}
