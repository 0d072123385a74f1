// A process of its own for each number of threads: `node --import tsx tests/bench/wasm-node.ts <threads>`.
// Prints the times as JSON.
import * as ort from 'onnxruntime-web';
import { encode } from '#lib/graph/encode.ts';
import { attentionMaps, picture, tiny16 } from './models.ts';

const ROUNDS = 15;
ort.env.wasm.numThreads = Number(process.argv[2] ?? 1);
ort.env.logLevel = 'error';

const { graph, config, weights } = tiny16();
const x = new ort.Tensor('float32', picture(config), [1, config.channels, config.image, config.image]);

async function session(outputs: readonly string[]) {
  const encoded = encode(graph, { outputs, weights });
  const made = await ort.InferenceSession.create(encoded.model, {
    executionProviders: ['wasm'],
    externalData: encoded.externalData,
  });
  const run = async () => {
    const began = performance.now();
    const results = await made.run({ x });
    for (const name of outputs) if (!(results[name]?.data instanceof Float32Array)) throw new Error(name);
    return performance.now() - began;
  };
  return run;
}

const logits = await session(['logits']);
const maps = await session(['logits', ...attentionMaps(config.depth)]);
const times = { logits: [] as number[], maps: [] as number[] };
for (let i = 0; i < 3; i++) await logits().then(maps);
// In turns, so that a change in the machine's load meets both alike.
for (let i = 0; i < ROUNDS; i++) {
  times.logits.push(await logits());
  times.maps.push(await maps());
}
console.log(JSON.stringify(times));
process.exit(0);
