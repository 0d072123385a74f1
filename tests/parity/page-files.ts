// `node --import tsx tests/parity/page-files.ts <model folder> <folder>`: the files that the inspector saves, written
// for a model's reference inputs, so that others can read them back: <tensor>.npy, tensors.safetensors, graph.onnx.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as ort from 'onnxruntime-web';
import { familyOf, graphOf, variantOf } from '#lib/models/registry.ts';
import { npy } from '#lib/export/npy.ts';
import { onnxOf, tensorsFile } from '#lib/export/files.ts';
import { checkInputs, Golden } from '#lib/live/golden.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';

ort.env.logLevel = 'error';
ort.env.wasm.numThreads = 1;

const [folder = '', out = ''] = process.argv.slice(2);
const read = (file: string) => readFileSync(join(folder, file));
const model = parseModelConfig(read('config.json').toString());
const weights = bindWeights(parseSafetensors(read('model.safetensors')), model);
const golden = new Golden(read('golden.safetensors'));
const patch = golden.patches.length > 0 ? variantOf(model).patch : undefined;
const { batch, inputs } = checkInputs(golden, model, patch);
// One picture: the file that is saved is that of the page, which has one.
const { shape } = graphOf(model).value('x');
const one = Object.fromEntries(
  Object.entries(inputs).map(([name, data]) => [
    name,
    name.startsWith('ids_') ? data : data.slice(0, data.length / batch),
  ]),
);
const answers = familyOf(model.architecture).answers(model.config);
const names = [
  ...answers,
  ...graphOf(model)
    .tensorNames()
    .filter((name) => /attn\.probs$/.test(name)),
];

const { graph, encoded } = prepareModel(weights, model, { outputs: names });
const session = await ortSessions(ort, 'wasm')(encoded);
const feeds = encoded.inputs.map((name) => ({ name, shape: graph.value(name).shape, data: one[name]! }));
const tensors: Tensor[] = (await session.run(feeds, names)).map((t) => ({
  ...t,
  dims: graph.value(t.name).dims,
}));
await session.release();

const given = feeds.map((feed) => ({ ...feed, dims: graph.value(feed.name).dims }));
for (const { name, data, shape: size } of tensors) writeFileSync(join(out, `${name}.npy`), npy(data, size));
writeFileSync(
  join(out, 'tensors.safetensors'),
  tensorsFile(
    [
      ...given.map((value) => ({ value, provenance: { kind: 'input' } as const })),
      ...tensors.map((value) => ({
        value,
        provenance: { kind: 'network', model: basename(folder), tensor: value.name } as const,
      })),
    ],
    { patch: String(shape) },
  ),
);
writeFileSync(join(out, 'graph.onnx'), onnxOf(graphOf(model), model, names, weights));
process.exit(0);
