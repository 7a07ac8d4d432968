// What both pages are used with: a browser, checks that are counted, and waiting until a page has answered.

import { join } from 'node:path';

import { chromium } from 'playwright-core';

export class Checks {
  failed = 0;

  passed = 0;

  /** Says whether what was expected holds, and what was found where it does not. */
  say(what, holds, found = '') {
    console.log(`${holds ? 'ok  ' : 'FAIL'}  ${what}${holds ? '' : `: ${JSON.stringify(found)}`}`);
    if (holds) this.passed += 1;
    else this.failed += 1;
  }

  end() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    process.exit(this.failed ? 1 : 0);
  }
}

export class Browser {
  /** What the pages reported. */
  errors = [];

  static async start(pictures) {
    const browser = new Browser();
    browser.pictures = pictures;
    browser.chromium = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
    return browser;
  }

  /** A page that has answered. */
  async open(address, options = {}) {
    const page = await this.chromium.newPage({ viewport: { width: 1400, height: 900 }, ...options });
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && this.errors.push(message.text()));
    await page.goto(address);
    await shown(page);
    return page;
  }

  /** Light and dark, wide and narrow: nothing sticks out, and a picture is left. */
  async look(checks, name, address) {
    for (const scheme of ['light', 'dark']) {
      for (const width of [1400, 400]) {
        const page = await this.open(address, { viewport: { width, height: 900 }, colorScheme: scheme });
        const [is, may] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        checks.say(`${name}: nothing sticks out, ${scheme}, ${width} wide`, is <= may, [is, may]);
        await page.screenshot({ path: join(this.pictures, `${name}-${scheme}-${width}.png`), fullPage: true });
        await page.close();
      }
    }
  }
}

/** Waits until what was written last is answered. */
export async function shown(page) {
  await page.waitForFunction(() => document.body.ariaBusy === 'false', null, { timeout: 60_000 });
}

/** Writes `to` in the place of `from`, as with the keyboard. */
export async function put(page, from, to) {
  await page.locator('#script').evaluate((area, part) => {
    const at = area.value.indexOf(part);
    area.focus();
    area.setSelectionRange(at, at + part.length);
  }, from);
  await page.keyboard.insertText(to);
  await shown(page);
}

/** The problems, as they are read. */
export function problems(page) {
  return page.locator('#problems').innerText();
}

/** The text of the file that is chosen. */
export function file(page) {
  return page.locator('#panel pre').innerText();
}

/** Chooses the graph or a file. */
export function tab(page, name) {
  return page.getByRole('tab', { name, exact: true }).click();
}
