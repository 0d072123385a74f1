import { Fault } from '../errors.ts';
import { encode } from '../graph/encode.ts';
import { startDevice } from './device.ts';
import { loadOrt, ortSessions, type Ort } from './ort.ts';
import {
  toRecord,
  type Device,
  type FromWorker,
  type Kind,
  type Port,
  type Requests,
  type StartOptions,
  type StartResult,
  type ToWorker,
} from './protocol.ts';
import { Queue } from './queue.ts';
import { farthest, selfCheck } from './selfcheck.ts';

/** Lets waiting messages be delivered. */
const turn = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

/** Answers the page's requests on `port`. */
export function serve(port: Port<FromWorker, ToWorker>): void {
  const queue = new Queue(turn);
  let ort: Ort | undefined;
  const done = <K extends Kind>(id: number, result: Requests[K]['out'], transfer: Transferable[] = []) =>
    port.postMessage({ type: 'done', id, result }, transfer);
  const fail = (id: number) => (error: unknown) => port.postMessage({ type: 'fault', id, fault: toRecord(error) }, []);

  async function check(device: Device): Promise<number> {
    if (!ort) throw new Fault('run-failed', { reason: 'not started' });
    const test = selfCheck();
    const session = await ortSessions(ort, device)(encode(test.graph, { outputs: test.outputs }));
    const got = await session.run([test.input], test.outputs);
    await session.release();
    return farthest(test.expected, (name) => got.find((t) => t.name === name)?.data);
  }

  async function start(id: number, options: StartOptions): Promise<StartResult> {
    const browser = {
      gpu: navigator.gpu as GPU | undefined,
      jspi: 'Suspending' in WebAssembly,
      isolated: globalThis.crossOriginIsolated,
      cores: navigator.hardwareConcurrency || 1,
    };
    return startDevice(options, browser, {
      async load(build, threads) {
        ort = await loadOrt(build, options.assets[build], threads, (progress) =>
          port.postMessage({ type: 'progress', id, progress }, []),
        );
      },
      check,
    });
  }

  port.onmessage = ({ data: message }) => {
    if (message.type === 'cancel') return queue.cancel(message.id);
    const { id } = message;
    if (message.type === 'start') {
      queue.push(id, async () => done<'start'>(id, await start(id, message.body)), fail(id));
    }
  };
}
