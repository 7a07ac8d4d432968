import init, { Page } from './aphex.js';

const page = init().then(() => new Page());
page.then(() => postMessage({ ready: true }), (error) => setTimeout(() => { throw error; }));
onmessage = async ({ data: { number, request } }) => {
  const answer = JSON.parse((await page).answer(JSON.stringify(request)));
  postMessage({ number, answer });
};
