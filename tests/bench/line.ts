import { createServer, connect, type Socket } from 'node:net';

/** A line to the outside as a reader may have it. */
export interface LineSpeed {
  /** Bits a second that come down it, all connections together. */
  readonly bits: number;
  /** Milliseconds there and back. */
  readonly roundTrip: number;
}

export interface Line {
  readonly port: number;
  /** Bytes that came down the line so far: heads and bodies. */
  readonly bytes: number;
  close(): Promise<void>;
}

/** Bytes put on the line at a time: what fits into one packet of Ethernet. */
const PACKET = 1460;
/** Bytes of an answer that wait for the line before its server is asked to wait. */
const WAITING = 64 * 1024;

interface Stream {
  readonly down: Socket;
  readonly up: Socket;
  queue: Buffer[];
  waiting: number;
  ended: boolean;
}

/**
 * A thin line before a server of this machine: the connections share its bits fairly, a packet each in turn, and
 * everything takes half the round trip. Chromium's own throttling counts each worker as a line of its own, so three
 * downloads at once would be three times as fast; here they are not. Opening a connection costs a round trip.
 */
export async function openLine(server: number, { bits, roundTrip }: LineSpeed): Promise<Line> {
  const streams = new Set<Stream>();
  let bytes = 0;
  /** When the line has sent what it was given, `performance.now()`. */
  let free = performance.now();
  let timer: NodeJS.Timeout | undefined;

  /** Puts packets on the line up to the present moment, one of each connection in turn. */
  const pump = (): void => {
    timer = undefined;
    const now = performance.now();
    free = Math.max(free, now - 20);
    let sent = true;
    while (sent && free <= now) {
      sent = false;
      for (const stream of streams) {
        const packet = take(stream);
        if (!packet) continue;
        sent = true;
        bytes += packet.length;
        free += (packet.length * 8000) / bits;
        setTimeout(() => stream.down.write(packet), roundTrip / 2);
      }
    }
    if (sent || [...streams].some((stream) => stream.waiting > 0))
      timer ??= setTimeout(pump, Math.max(1, free - performance.now()));
  };
  const take = (stream: Stream): Buffer | undefined => {
    const first = stream.queue[0];
    if (!first) {
      if (stream.ended) {
        streams.delete(stream);
        setTimeout(() => stream.down.end(), roundTrip / 2);
      }
      return undefined;
    }
    const packet = first.subarray(0, PACKET);
    if (packet.length === first.length) stream.queue.shift();
    else stream.queue[0] = first.subarray(PACKET);
    stream.waiting -= packet.length;
    if (stream.waiting < WAITING) stream.up.resume();
    return packet;
  };

  const front = createServer((down) => {
    const up = connect(server, '127.0.0.1');
    const stream: Stream = { down, up, queue: [], waiting: 0, ended: false };
    streams.add(stream);
    const opened = performance.now() + roundTrip;
    down.on('data', (data) => {
      const wait = roundTrip / 2 + Math.max(0, opened - performance.now());
      setTimeout(() => up.writable && up.write(data), wait);
    });
    up.on('data', (data: Buffer) => {
      stream.queue.push(data);
      stream.waiting += data.length;
      if (stream.waiting > WAITING) up.pause();
      timer ??= setTimeout(pump);
    });
    up.on('close', () => {
      stream.ended = true;
      timer ??= setTimeout(pump);
    });
    down.on('close', () => {
      streams.delete(stream);
      up.destroy();
    });
    for (const end of [up, down]) end.on('error', () => end.destroy());
  });
  await new Promise<void>((done) => front.listen(0, '127.0.0.1', done));
  const address = front.address();
  if (address === null || typeof address === 'string') throw new Error('the line has no port');
  return {
    port: address.port,
    get bytes() {
      return bytes;
    },
    close: () =>
      new Promise((done) => {
        clearTimeout(timer);
        for (const { down, up } of streams) {
          down.destroy();
          up.destroy();
        }
        front.close(() => done());
      }),
  };
}
