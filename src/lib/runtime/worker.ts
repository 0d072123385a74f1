/** The one worker that owns onnxruntime-web. It only joins the parts; each is tested apart. */
import { serve } from './serve.ts';
import type { FromWorker, Port, ToWorker } from './protocol.ts';

serve(globalThis as unknown as Port<FromWorker, ToWorker>);
