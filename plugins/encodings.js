/**
 * The compressed forms a file of the built site may lie in beside itself, the best first.
 * `name` is that of HTTP (Content-Encoding, RFC 9110, section 8.4.1), `end` what the file's name gets at its end.
 * @type {readonly { name: string, end: string }[]}
 */
export const ENCODINGS = [
  { name: 'br', end: '.br' },
  { name: 'gzip', end: '.gz' },
];
