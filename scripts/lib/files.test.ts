import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { precompress } from '../../plugins/precompress.js';
import { acceptedEncodings, rangeOf } from './files.js';
import { listen, siteHandler } from './site.js';

const dir = mkdtempSync(join(tmpdir(), 'site-'));
const script = Buffer.from('export const answer = 42;\n'.repeat(200));
let server: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  mkdirSync(join(dir, 'en', 'page'), { recursive: true });
  writeFileSync(join(dir, '404.html'), '<p>not here</p>');
  writeFileSync(join(dir, 'a.js'), script);
  writeFileSync(join(dir, 'a.webp'), Buffer.alloc(3000, 7));
  writeFileSync(join(dir, 'empty.txt'), '');
  writeFileSync(join(dir, 'en', 'page', 'index.html'), '<p>a page</p>');
  writeFileSync(join(dir, '.hidden'), 'no');
  await precompress(dir, join(dir, '.kept'));
  server = await listen(siteHandler({ dir }));
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Asks as nobody else would: no header but those given, nothing decoded. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ port: server.port, path, headers, method }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    asked.on('error', reject).end();
  });
}

describe('the server of the built site', () => {
  it('sends the form that is accepted, each with its own length and strong tag', async () => {
    const plain = await ask('/a.js');
    const br = await ask('/a.js', { 'accept-encoding': 'gzip, deflate, br' });
    const gz = await ask('/a.js', { 'accept-encoding': 'gzip;q=0.5, br;q=0' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(br.headers['content-encoding']).toBe('br');
    expect(gz.headers['content-encoding']).toBe('gzip');
    expect(plain.body.equals(script)).toBe(true);
    expect(brotliDecompressSync(br.body).equals(script)).toBe(true);
    expect(gunzipSync(gz.body).equals(script)).toBe(true);
    const tags = new Set<string | undefined>();
    for (const { headers, body } of [plain, br, gz]) {
      expect(headers['content-length']).toBe(String(body.length));
      expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
      expect(headers.vary).toBe('Accept-Encoding');
      expect(headers.etag).toMatch(/^"[0-9a-f]{32}"$/);
      expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
      tags.add(headers.etag);
    }
    expect(tags.size).toBe(3);
  });

  it('answers HEAD with the same headers and no body', async () => {
    const get = await ask('/a.js', { 'accept-encoding': 'br' });
    const head = await ask('/a.js', { 'accept-encoding': 'br' }, 'HEAD');
    expect(head.body).toHaveLength(0);
    for (const name of ['content-length', 'content-encoding', 'etag', 'vary'] as const)
      expect(head.headers[name]).toBe(get.headers[name]);
    expect((await ask('/a.js', {}, 'POST')).status).toBe(405);
  });

  it('cuts ranges out of the file itself, whatever is accepted', async () => {
    const part = await ask('/a.js', { range: 'bytes=10-19', 'accept-encoding': 'br' });
    expect(part.status).toBe(206);
    expect(part.headers['content-encoding']).toBeUndefined();
    expect(part.headers['content-range']).toBe(`bytes 10-19/${script.length}`);
    expect(part.body.equals(script.subarray(10, 20))).toBe(true);
    const rest = await ask('/a.js', { range: 'bytes=-5' });
    expect(rest.body.equals(script.subarray(-5))).toBe(true);
    const beyond = await ask('/a.js', { range: 'bytes=999999-' });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${script.length}`]);
  });

  it('sends the rest of a file only while it is that file', async () => {
    const { etag = '' } = (await ask('/a.js')).headers;
    const { etag: ofBr = '' } = (await ask('/a.js', { 'accept-encoding': 'br' })).headers;
    const rest = (condition: string) => ask('/a.js', { range: 'bytes=100-', 'if-range': condition });
    expect((await rest(etag)).status).toBe(206);
    for (const other of [ofBr, '"another"', `W/${etag}`]) {
      const whole = await rest(other);
      expect(whole.status).toBe(200);
      expect(whole.body.equals(script)).toBe(true);
    }
  });

  it('says that nothing changed, for the form the reader has', async () => {
    const { etag = '' } = (await ask('/a.js', { 'accept-encoding': 'br' })).headers;
    const same = await ask('/a.js', { 'accept-encoding': 'br', 'if-none-match': `"x", W/${etag}` });
    expect([same.status, same.body.length, same.headers.etag]).toEqual([304, 0, etag]);
    expect((await ask('/a.js', { 'if-none-match': etag })).status).toBe(200);
  });

  it('lets be what is compressed already, finds pages, and shows nothing hidden', async () => {
    const picture = await ask('/a.webp', { 'accept-encoding': 'br, gzip' });
    expect(picture.headers['content-encoding']).toBeUndefined();
    expect(picture.headers.vary).toBeUndefined();
    expect((await ask('/en/page/')).body.toString()).toBe('<p>a page</p>');
    expect((await ask('/en/page')).status).toBe(308);
    expect((await ask('/empty.txt')).headers['content-length']).toBe('0');
    for (const path of ['/.hidden', '/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd', '/none', '/%00', '/%'])
      expect((await ask(path)).status, path).toBe(404);
  });
});

it('reads what a request accepts', () => {
  const names = (accepts: string) => acceptedEncodings(accepts).map(({ name }) => name);
  expect(names('')).toEqual([]);
  expect(names('gzip')).toEqual(['gzip']);
  expect(names('*')).toEqual(['br', 'gzip']);
  expect(names('*, br;q=0')).toEqual(['gzip']);
  expect(names('BR ; q=0.1, identity')).toEqual(['br']);
});

it('reads ranges', () => {
  expect(rangeOf('bytes=0-', 10)).toEqual({ start: 0, end: 9 });
  expect(rangeOf('bytes=3-100', 10)).toEqual({ start: 3, end: 9 });
  expect(rangeOf('bytes=-100', 10)).toEqual({ start: 0, end: 9 });
  expect(rangeOf('bytes=-0', 10)).toBe('none');
  expect(rangeOf('bytes=10-', 10)).toBe('none');
  for (const header of [undefined, 'bytes=', 'bytes=-', 'bytes=5-3', 'lines=1-2', 'bytes=1-2,4-5'])
    expect(rangeOf(header, 10)).toBeUndefined();
});
