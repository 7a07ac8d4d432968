// page.mjs FOLDER PICTURES: serves the page in FOLDER and uses it in Chromium as a person does; prints a line a check.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

import { Browser, Checks, file, problems, put, shown, tab } from './browser.mjs';

const [folder, pictures] = process.argv.slice(2);
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm' };
const checks = new Checks();

const server = createServer(async (request, response) => {
  const asked = normalize(new URL(request.url, 'http://localhost').pathname);
  const path = asked.endsWith('/') ? `${asked}index.html` : asked;
  try {
    const body = await readFile(join(folder, path));
    response.writeHead(200, { 'content-type': TYPES[extname(path)] }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
const address = `http://127.0.0.1:${server.address().port}/`;
const browser = await Browser.start(pictures);

const page = await browser.open(address);
const script = page.locator('#script');
const text = () => script.inputValue();
const at = (part, offset) => script.evaluate((area, [part, offset]) => {
  area.focus();
  area.setSelectionRange(area.value.indexOf(part) + offset, area.value.indexOf(part) + offset);
}, [part, offset]);
const write = async (words) => {
  await script.fill(words);
  await shown(page);
};

checks.say('an example is there, without a problem', (await text()).includes('pipeline(') && (await problems(page)) === 'None.', await problems(page));
checks.say('its graph is drawn', (await page.locator('#panel svg').count()) === 1);
checks.say('its words have colours', (await page.locator('#drawn .function').count()) > 2);

await put(page, 'account: "111111111111"', 'acount: "111111111111"');
const marked = await page.locator('#drawn .error').allInnerTexts();
checks.say('a mistake is marked at its place', marked.includes('acount'), marked);
checks.say('it is told, with what to do', /has no key `acount`[^]*did you mean `account`/.test(await problems(page)), await problems(page));
await tab(page, 'sensor.yaml');
checks.say('the files beside it are said to be older', await page.locator('#stale').isVisible());
await page.locator('#problems button', { hasText: 'acount' }).click();
const selected = await script.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
checks.say('a problem leads to its place', selected === 'acount', selected);
await put(page, 'acount', 'account');
checks.say('it is gone when it is mended', (await problems(page)) === 'None.' && (await page.locator('#stale').isHidden()), await problems(page));

await tab(page, 'workflow-template.yaml');
const before = await file(page);
checks.say('the YAML is there', before.includes('kind: WorkflowTemplate'), before);
await put(page, 'npm run build', 'npm run bundle');
checks.say('it follows the script', (await file(page)).includes('npm run bundle'));
await page.keyboard.press('Shift+Tab');
await tab(page, 'Graph');
const picture = () => page.locator('#panel svg').innerHTML();
await put(page, 'environment("prod"', 'environment("production"');
checks.say('the graph follows the script', (await picture()).includes('production'));
await page.getByRole('tab', { name: 'Graph' }).focus();
await page.keyboard.press('End');
const chosen = await page.getByRole('tab', { selected: true }).innerText();
checks.say('the keyboard goes through the files', chosen === 'cloudformation.yaml' && (await file(page)).includes('AWS::IAM::Role'), chosen);

await at('region:', 0);
await page.keyboard.type('app');
await page.waitForSelector('#choices:not([hidden]) li');
const choices = await page.locator('#choices li').allInnerTexts();
checks.say('what is begun is completed', choices.length > 0 && choices.every((one) => one.startsWith('app')), choices);
checks.say('a screen reader hears of it', (await script.getAttribute('aria-activedescendant')) === 'choice-0');
await page.screenshot({ path: join(pictures, 'completion.png') });
const choice = await page.locator('#choices li').first().evaluate((item) => item.firstChild.textContent);
await page.keyboard.press('Enter');
await shown(page);
checks.say('a choice is put in', (await page.locator('#choices').isHidden()) && (await text()).includes(`${choice}`), await text());
for (let i = 0; i < 6 && (await problems(page)) !== 'None.'; i++) {
  await page.keyboard.press('Control+z');
  await shown(page);
}
checks.say('and taken back', (await problems(page)) === 'None.', await problems(page));

await at('stack(', 2);
await page.keyboard.press('F1');
await page.waitForSelector('#explained:not([hidden])');
const explained = await page.locator('#explained').innerText();
checks.say('a function is explained, without the signs of Markdown', /stack\(/.test(explained) && !/[`*]/.test(explained), explained);
await page.screenshot({ path: join(pictures, 'explained.png') });
await page.keyboard.press('Escape');
await page.keyboard.press('Tab');
checks.say('Tab leaves the script after Escape', (await page.evaluate(() => document.activeElement.id)) !== 'script');

await put(page, 'let app = ', 'let    app=');
await page.locator('#format').click();
await page.waitForFunction(() => document.getElementById('said').textContent === 'Formatted.');
await shown(page);
checks.say('formatting gives it its style', (await text()).includes('let app = stack('), await text());

const umlauts = (await text()).replace('quickstart', 'übung 🚀');
await write(umlauts);
const wrong = await page.locator('#drawn .error').allInnerTexts();
checks.say('letters of every size stand where they are', wrong.some((part) => part.includes('übung 🚀')), wrong);

await page.locator('#share').click();
await page.waitForFunction(() => location.hash.startsWith('#script='));
const other = await browser.open(page.url());
checks.say('a link carries the script', (await other.locator('#script').inputValue()) === umlauts);
await other.close();
const broken = await browser.open(`${address}#script=%%%`);
checks.say('a broken link is told', /holds no script/.test(await broken.locator('#said').innerText()) && (await problems(broken)) === 'None.');
await broken.close();

await page.locator('#examples').selectOption('waves');
await page.waitForFunction(() => document.getElementById('script').value.includes('parallel('));
await shown(page);
checks.say('another example takes its place', (await problems(page)) === 'None.');
const names = await page.locator('#examples option').allInnerTexts();
for (const name of names) {
  await page.locator('#examples').selectOption(name);
  await page.waitForTimeout(150);
  await shown(page);
  const said = await problems(page);
  checks.say(`example ${name}: no error`, (await page.locator('#problems .error').count()) === 0, said);
}

await write(`${umlauts.replace('übung 🚀', 'first')}\n${umlauts.slice(umlauts.indexOf('pipeline(')).replace('übung 🚀', 'second')}\nprint("so it goes");`);
await page.locator('#pipelines').selectOption('second');
await shown(page);
await tab(page, 'Graph');
checks.say('one of several pipelines is chosen', (await page.locator('#panel svg').innerHTML()).includes('second'));
checks.say('what is printed is shown', (await page.locator('#printed').innerText()).includes('so it goes'));

await write('loop { let a = [1, 2, 3]; }');
checks.say('a script without an end is told so', /operations|seconds|long/.test(await problems(page)), await problems(page));
await write('fn f(n) { if n > 0 { f(n - 1) + 1 } else { 0 } }\nprint(f(10));');
checks.say('functions call each other', (await page.locator('#printed').innerText()).includes('10'), await problems(page));
await write('fn f(n) { if n > 0 { f(n - 1) + 1 } else { 0 } }\nf(1000);');
checks.say('calls too deep for a browser are told so', /deep|nested/.test(await problems(page)), await problems(page));
await write(`let a = ${'['.repeat(5000)}${']'.repeat(5000)};`);
checks.say('and nests too deep', /deep|nest/.test(await problems(page)), (await problems(page)).slice(0, 200));
await write(`let a = ${'#{ a: '.repeat(20)}1${' }'.repeat(20)};
fn f(n) { if n > 0 { ${'('.repeat(24)}f(n - 1) + 1${')'.repeat(24)} } else { 0 } }
print(f(14));`);
checks.say('what is as deep as it may be is read', (await page.locator('#printed').innerText()).includes('14'), await problems(page));
await write('let a = 1 +;');
checks.say('the next script is read again', (await problems(page)).includes('Line 1'), await problems(page));
await write('let x = "<img src=x onerror=alert(1)>"; stack(x); pipeline(x, #{ cluster: x, account: x });');
checks.say('what a script says is text, not a page', (await page.locator('img').count()) === 0);

await browser.look(checks, 'page', address);
const nameless = await page.evaluate(() => [...document.querySelectorAll('button, select, textarea, [role=tablist], [role=listbox]')]
  .filter((one) => !(one.ariaLabel || one.innerText || document.querySelector(`label[for="${one.id}"]`))).map((one) => one.outerHTML.slice(0, 80)));
checks.say('every control has a name', nameless.length === 0, nameless);
const book = await browser.chromium.newContext({ colorScheme: 'light' });
const themed = await book.newPage();
await themed.addInitScript(() => localStorage.setItem('mdbook-theme', 'navy'));
await themed.goto(address);
const back = () => themed.evaluate(() => getComputedStyle(document.body).backgroundColor);
checks.say("it has the book's theme", (await back()) === 'rgb(13, 17, 23)', await back());
const beside = await book.newPage();
await beside.goto(`${address}playground.css`);
await beside.evaluate(() => localStorage.setItem('mdbook-theme', 'light'));
await themed.waitForTimeout(500);
checks.say('and follows it', (await back()) === 'rgb(255, 255, 255)', await back());
checks.say('the page reported no error', browser.errors.length === 0, browser.errors);
checks.end();
