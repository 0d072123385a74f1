/** The one worker that owns onnxruntime-web. It only joins the parts; each is tested apart. */
import '#lib/models/all.ts';
import '#lib/models/checkpoints.ts';
import type { FromWorker, Port, ToWorker } from './protocol.ts';
import { Server } from './serve.ts';

new Server(globalThis as unknown as Port<FromWorker, ToWorker>);
