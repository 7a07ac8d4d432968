// preview.mjs PICTURES: uses the page of `aphex preview` in Chromium, while its file changes; prints a line a check. APHEX is the
// command.

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Browser, Checks, file, problems, put, shown, tab } from './browser.mjs';

const [pictures] = process.argv.slice(2);
const checks = new Checks();

const SCRIPT = `import "./platform/regions" as regions;

let app = stack("App");
let dev = environment("dev", #{
    account: "111111111111",
    region:  regions::REGION,
    stacks:  [app],
});

pipeline(param("name"), #{
    cluster: "tools",
    account: "999999999999",
    region:  "us-east-1",
    source:  github("my-org/my-app"),
    stages:  [dev],
});
`;
const folder = await mkdtemp(join(tmpdir(), 'aphex-preview-'));
const path = join(folder, 'pipeline.aphex');
await mkdir(join(folder, '.git'));
await mkdir(join(folder, 'platform'));
await writeFile(path, SCRIPT);
await writeFile(join(folder, 'platform/regions.aphex'), 'export const REGION = "us-east-1";\n');
await writeFile(join(folder, 'parameters.yaml'), 'name: shop\n');

const command = spawn(process.env.APHEX, ['preview', 'pipeline.aphex', '--param-file', 'parameters.yaml', '--quiet'], { cwd: folder });
let printed = '';
const address = await new Promise((done) => {
  command.stdout.on('data', (part) => {
    printed += part;
    if (printed.includes('\n')) done(printed.trim());
  });
});
checks.say('the address is of this machine and no secret is short', /^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/.test(address), address);

const browser = await Browser.start(pictures);
const page = await browser.open(address);
const text = () => page.locator('#script').inputValue();
/** Waits for what the page shows after a change of a file. */
const until = async (what, holds) => {
  for (let i = 0; i < 100 && !(await holds()); i++) await page.waitForTimeout(100);
  checks.say(what, await holds(), [await problems(page), await page.locator('#said').innerText()]);
};

checks.say('the file is shown', (await text()) === SCRIPT && (await problems(page)) === 'None.', await problems(page));
checks.say('its graph is drawn, its parameters are known', (await page.locator('#panel svg').innerHTML()).includes('shop'));
checks.say('the page has its name', (await page.title()).startsWith('pipeline.aphex') && (await page.locator('#choose').isHidden()));

await tab(page, 'cloudformation.yaml');
await writeFile(path, SCRIPT.replace('account: "111111111111"', 'acount: "111111111111"'));
await until('a mistake in the file is shown', async () => (await problems(page)).includes('did you mean `account`'));
const marked = await page.locator('#drawn .error').allInnerTexts();
checks.say('and marked at its place', marked.includes('acount'), marked);
// As most editors save: a new file in the place of the old one.
await writeFile(`${path}.new`, SCRIPT.replace('111111111111', '222222222222'));
await rename(`${path}.new`, path);
await until('it is gone when the file is mended', async () => (await problems(page)) === 'None.' && (await file(page)).includes('222222222222'));
await writeFile(join(folder, 'platform/regions.aphex'), 'export const REGION = "eu-west-1";\n');
await until('a module is followed', async () => (await file(page)).includes('eu-west-1'));
await writeFile(join(folder, 'parameters.yaml'), 'name: other\n');
await tab(page, 'Graph');
await until('parameters are followed', async () => (await page.locator('#panel svg').innerHTML()).includes('other'));
await writeFile(join(folder, 'parameters.yaml'), 'name: [\n');
await until('parameters that cannot be read are told', async () => (await page.locator('#said').innerText()).includes('parameters.yaml'));
await writeFile(join(folder, 'parameters.yaml'), 'name: shop\n');
await until('until they can be', async () => (await page.locator('#said').innerText()) === '');

await put(page, 'environment("dev"', 'environmnt("dev"');
checks.say('a mistake is shown while it is written', (await problems(page)).includes('environment'), await problems(page));
checks.say('it is said that nothing is saved', (await page.locator('#said').innerText()).includes('not saved'));
await put(page, 'environmnt("dev"', 'environment("develop"');
checks.say('the graph follows what is written', (await page.locator('#panel svg').innerHTML()).includes('develop'));
await page.screenshot({ path: join(pictures, 'preview-edited.png') });
await writeFile(path, SCRIPT.replace('"App"', '"Web"'));
await page.waitForTimeout(2500);
checks.say('what was written there stays when the file changes', (await text()).includes('develop'), await text());
await page.locator('#take').click();
await shown(page);
checks.say('until the file is asked for', (await text()).includes('"Web"') && (await page.locator('#take').isHidden()), await text());

await rm(path);
await until('a file that is gone is told', async () => (await page.locator('#said').innerText()).includes('cannot read'));
await writeFile(path, SCRIPT);
await until('and waited for', async () => (await text()) === SCRIPT);

const answers = async (url, options) => (await fetch(url, options)).status;
const { origin } = new URL(address);
checks.say('without its secret there is no page', (await answers(`${origin}/`)) === 404 && (await answers(`${origin}/ask`, { method: 'POST', body: '{}' })) === 404);
checks.say('what is no question is told', /missing|expected/.test(await (await fetch(`${address}ask`, { method: 'POST', body: '{}' })).text()));
checks.say('what is too long is refused', (await answers(`${address}ask`, { method: 'POST', body: ' '.repeat(9 << 20) })) === 413);

await browser.look(checks, 'preview', address);
checks.say('the page reported no error', browser.errors.length === 0, browser.errors);
command.kill('SIGINT');
await until('the end of the command is told', async () => (await page.locator('#said').innerText()).includes('has ended'));
await rm(folder, { recursive: true });
checks.end();
