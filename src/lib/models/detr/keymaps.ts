import type { WeightSource } from '#lib/weights/source.ts';
import { mapNames, type NameMap, type Naming, type Target } from '../shared/naming.ts';

/** A tensor that every such file has, by the graph's names. */
export const LANDMARK = 'query_embed.weight';
/** The same under Hugging Face's. */
const HF_LANDMARK = 'query_position_embeddings.weight';

/** What segmentation adds on top of a detector. */
const MASKS: Naming['leaves'] = [
  [/^(bbox_attention|mask_head)\./, 'the head for masks, which no box depends on'],
];

/** The graph's names are those of the published code (facebookresearch/detr), of our own stems those of its training. */
const OWN: Naming = { id: 'own', title: 'the published code', landmark: LANDMARK, leaves: MASKS };

type Names = Record<string, string | Target>;

/** Query, key and value of an attention, apart, to the rows of one matrix. */
function attentionNames(from: string, to: string): Names {
  const parts = ['q_proj', 'k_proj', 'v_proj'].flatMap((part, i) =>
    ['weight', 'bias'].map(
      (kind) => [`${from}.${part}.${kind}`, { to: `${to}.in_proj_${kind}`, part: [i, 3] as const }] as const,
    ),
  );
  return {
    ...Object.fromEntries(parts),
    [`${from}.out_proj`]: `${to}.out_proj`,
    [`${from}.o_proj`]: `${to}.out_proj`,
  };
}

/** What ends a layer, in the two places that versions of transformers have for it. */
function feedNames(from: string, to: string): Names {
  return Object.fromEntries(
    ['fc1', 'mlp.fc1', 'fc2', 'mlp.fc2'].map((name) => [`${from}.${name}`, `${to}.linear${name.slice(-1)}`]),
  );
}

const [ENCODER, DECODER] = ['transformer.encoder.layers.#', 'transformer.decoder.layers.#'];

/** Layers of Hugging Face's, before them `model.`. */
const HF_LAYERS: Names = {
  ...attentionNames('encoder.layers.#.self_attn', `${ENCODER}.self_attn`),
  ...feedNames('encoder.layers.#', ENCODER),
  'encoder.layers.#.self_attn_layer_norm': `${ENCODER}.norm1`,
  'encoder.layers.#.final_layer_norm': `${ENCODER}.norm2`,
  ...attentionNames('decoder.layers.#.self_attn', `${DECODER}.self_attn`),
  ...attentionNames('decoder.layers.#.encoder_attn', `${DECODER}.multihead_attn`),
  ...feedNames('decoder.layers.#', DECODER),
  'decoder.layers.#.self_attn_layer_norm': `${DECODER}.norm1`,
  'decoder.layers.#.encoder_attn_layer_norm': `${DECODER}.norm2`,
  'decoder.layers.#.final_layer_norm': `${DECODER}.norm3`,
  'decoder.layernorm': 'transformer.decoder.norm',
};

const BODY = 'backbone.0.body';
/** Bottlenecks of a stage that are looked for; the longest published stage has 36. */
const MOST_BLOCKS = 40;
const NORM_PARTS = ['weight', 'bias', 'running_mean', 'running_var'];

/** A convolution and its batch norm. */
function unitNames(conv: string, norm: string, toConv: string, toNorm: string): Names {
  const parts = NORM_PARTS.map((part) => [`${norm}.${part}`, `${toNorm}.${part}`]);
  return Object.fromEntries([[`${conv}.weight`, `${toConv}.weight`], ...parts]) as Names;
}

/** torchvision's and timm's names of a ResNet behind `from`. */
function timmBody(from: string): Names {
  const stages = [1, 2, 3, 4].flatMap((stage) => {
    const [block, to] = [`${from}.layer${stage}.#`, `${BODY}.layer${stage}.#`];
    const units = [1, 2, 3].map((n) =>
      unitNames(`${block}.conv${n}`, `${block}.bn${n}`, `${to}.conv${n}`, `${to}.bn${n}`),
    );
    const shortcut = `${block}.downsample`;
    return [
      ...units,
      unitNames(`${shortcut}.0`, `${shortcut}.1`, `${to}.downsample.0`, `${to}.downsample.1`),
    ];
  });
  const root = unitNames(`${from}.conv1`, `${from}.bn1`, `${BODY}.conv1`, `${BODY}.bn1`);
  return Object.assign({}, root, ...stages) as Names;
}

/** Names of transformers' own `ResNetModel` behind `from`; they have three numbers each, so every block is spelt. */
function hfBody(from: string): Names {
  const unit = (name: string, toConv: string, toNorm: string) =>
    unitNames(
      `${from}.${name}.convolution`,
      `${from}.${name}.normalization`,
      `${BODY}.${toConv}`,
      `${BODY}.${toNorm}`,
    );
  const all = [unit('embedder.embedder', 'conv1', 'bn1')];
  for (let stage = 0; stage < 4; stage++) {
    for (let block = 0; block < MOST_BLOCKS; block++) {
      const [name, to] = [`encoder.stages.${stage}.layers.${block}`, `layer${stage + 1}.${block}`];
      for (const n of [0, 1, 2])
        all.push(unit(`${name}.layer.${n}`, `${to}.conv${n + 1}`, `${to}.bn${n + 1}`));
      all.push(unit(`${name}.shortcut`, `${to}.downsample.0`, `${to}.downsample.1`));
    }
  }
  return Object.assign({}, ...all) as Names;
}

/** Hugging Face's `DetrForObjectDetection`, with a ResNet of timm or of its own. */
const HF: Naming = {
  id: 'hf',
  title: 'Hugging Face',
  landmark: HF_LANDMARK,
  leaves: MASKS,
  names: {
    'query_position_embeddings.weight': LANDMARK,
    input_projection: 'input_proj',
    class_labels_classifier: 'class_embed',
    'bbox_predictor.layers.#': 'bbox_embed.layers.#',
    ...HF_LAYERS,
    ...timmBody('backbone.conv_encoder.model'),
    ...timmBody('backbone.model'),
    ...hfBody('backbone.conv_encoder.model'),
    ...hfBody('backbone.model'),
  },
};

/** Landmarks under all names. */
export const LANDMARKS: readonly string[] = [LANDMARK, HF_LANDMARK];

/** What a detector has by the graph's names, which others with queries have not. */
const NEEDED = [
  LANDMARK,
  'class_embed.weight',
  'bbox_embed.layers.2.weight',
  'transformer.decoder.layers.0.self_attn.in_proj_weight',
];

/** A file's names as the graph's; undefined for what is no such detector. */
export function detrNames(source: WeightSource): NameMap | undefined {
  const map = mapNames(source.names(), [OWN, HF]);
  return map && NEEDED.every((name) => map.origins.has(name)) ? map : undefined;
}
/** How many tensors tell such a file from others. */
export const TELLING = NEEDED.length;
