/** Tensors that change no answer, by their names in any network's file, with what they are. */
const HARMLESS: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)num_batches_tracked$/, 'a counter of batch normalisation'],
  [/(^|\.)position_ids$/, 'the numbers of the positions'],
  [/(^|\.)(attn_mask|relative_position_index)$/, 'a table that follows from the sizes'],
  [/^(input_resolution|context_length|vocab_size)$/, 'a size that the tensors tell'],
  [/(^|\.)mask_token$/, 'used in training alone'],
  [/(^|\.)local_cls_norm\./, 'used in training alone'],
  [/(^|\.)pooler\.dense\.(weight|bias)$/, 'a layer on top that no classifier reads'],
  [
    /(^|\.)(dino_head|ibot_head)\.|(^|\.)head\.(mlp|last_layer)\./,
    'the projection of self-supervised training',
  ],
  [
    /^(optimizer|opt|optimizer_states|lr_scheduler|lr_schedulers|scheduler|scaler|fp16_scaler)(_state_dict)?\./,
    'the state of the training',
  ],
  [/(^|\.)(dino_loss|ibot_patch_loss)\.|^(n_averaged|decay|num_updates)$/, 'the state of the training'],
];

/** Why a tensor that a network has no place for may be left out; undefined where it may not. */
export function harmless(name: string): string | undefined {
  return HARMLESS.find(([form]) => form.test(name))?.[1];
}

/** Parts of published networks that cannot be run, by their tensors' names. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [
    /(^|\.)blocks\.\d+\.(in_norm|in_proj|attn_out_proj|mlp_out_proj|attns\.\d+|ffns\.\d+)\./,
    'blocks whose attention and MLP run side by side (timm’s parallel blocks)',
  ],
  [
    /(^|\.)(attn_pool|head\.attention|head\.probe|attnpool)(\.|$)/,
    'attention pooling (attn_pool), as SigLIP has it',
  ],
  [/relative_position_bias|rel_pos_bias|rel_pos_[hw]/, 'a table of relative positions in attention'],
  [/\.(q|v)_bias$/, 'biases of query and value alone, as BEiT and EVA have them'],
  [/\.(w12|w3|fc1_g|fc1_x|weights_in|weights_out|gate_proj|up_proj)\./, 'a gated MLP (SwiGLU)'],
  [/(^|\.)cls_norm\./, 'a norm of CLS and registers apart from the patches’ (DINOv3 7B)'],
  [/(^|[._])rope|rotary|freqs_cis|periods$/, 'rotary positions'],
  [/(^|\.)(q_norm|k_norm|query_norm|key_norm)\./, 'a norm of queries and keys'],
  [/(^|\.)lora_|\.lora\./, 'a low-rank addition (LoRA)'],
  [/pos_conv|(^|\.)stem\.|backbone\.conv_encoder/, 'a convolutional stem'],
  [/(^|\.)(register_tokens|reg_token|storage_tokens)$/, 'register tokens'],
  [/(^|\.)(dist_token|distillation_token|head_dist|distillation_classifier)/, 'a distillation token'],
  [/(^|\.)pre_logits\./, 'a layer before the head (pre_logits)'],
  [/(^|\.)decoder/, 'a decoder'],
  [
    /detection_tokens|mid_position_embeddings|bbox_predictor|class_labels_classifier/,
    'the heads of a detector',
  ],
  [/(self_attn\.in_proj_weight|linear1\.weight|linear2\.weight)$/, 'blocks of torch.nn.TransformerEncoder'],
  [/(^|\.)(text|text_model)\.|^transformer\.resblocks\./, 'a text tower'],
  [/\.(scale|zero_point|qweight|weight_scale|SCB|absmax)$/, 'quantised weights'],
  [/ls[12]\.gamma|lambda1|gamma_[12]/, 'LayerScale'],
];

/** The part of a published network that a tensor belongs to, as a phrase; undefined for an unknown one. */
export function partNamed(name: string): string | undefined {
  return PARTS.find(([form]) => form.test(name))?.[1];
}
