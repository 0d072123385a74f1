import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked } from '#lib/notebook/worked.ts';

/** The worked cells of lesson 14. */
export const cells: WorkedCells = {
  look: worked((say) => [
    `// ${say('The chosen query’s box: middle, width and height, as shares of the picture.', '所选查询的边界框：中心、宽和高，都是占图片的比例。')}
const [cx, cy, w, h] = tensor('boxes').slice(state.q).values`,
    `// ${say('The same in pixels of the picture: left, top, right, bottom.', '换成图片的像素：左、上、右、下。')}
const side = tensor('x').shape.at(-1)`,
    `[cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2].map((share) => Math.round(share * side * 10) / 10)`,
    `// ${say('Where the query looks in a layer of the decoder: the mean of its heads, a share for each token.', '查询在解码器某一层里看哪里：各个头的平均，每个词元一个权重。')}
const layer = 2, weights = tensor(\`transformer.decoder.layers.\${layer}.multihead_attn.probs\`).mean(0).slice(state.q)`,
    `// ${say('The middle of that look, by token row and column, as shares of the picture.', '按词元的行和列求出注意力的重心，也写成占图片的比例。')}
const grid = Math.sqrt(weights.size)
const middle = [(n) => n % grid, (n) => Math.floor(n / grid)].map((place) =>
  weights.map((share, n) => (share * (place(n) + 0.5)) / grid).sum())`,
    `({ box: [cx, cy], look: middle })`,
  ]),
  suppress: worked((say) => [
    `// ${say('What the queries answer after a layer of the decoder, 0 or 1; the last column is “no object”.', '各查询在解码器第 0 层或第 1 层之后的回答；最后一列是“无物体”。')}
const layer = 0, probs = tensor(\`probs.\${layer}\`), boxes = tensor(\`boxes.\${layer}\`), classes = probs.shape[1] - 1`,
    `const answers = Array.from({ length: probs.shape[0] }, (_, query) => {
  const row = probs.slice(query, [0, classes]);
  return { query, class: row.argmax(), sure: row.max(), box: [...boxes.slice(query).values] };
})`,
    `// ${say('Only those that are sure enough, the surest first.', '只取足够有把握的，最有把握的在前。')}
const least = 0.05, found = answers.filter(({ sure }) => sure >= least).sort((a, b) => b.sure - a.sure)`,
    `// ${say('Intersection over union of two boxes.', '两个框的交并比。')}
const iou = ([ax, ay, aw, ah], [bx, by, bw, bh]) => {
  const shared = (a, b, m, n) => Math.max(0, Math.min(a + m / 2, b + n / 2) - Math.max(a - m / 2, b - n / 2));
  const both = shared(ax, bx, aw, bw) * shared(ay, by, ah, bh);
  return both / (aw * ah + bw * bh - both);
}`,
    `// ${say('From the surest down: one stays if no surer one of its class overlaps it by more.', '从最有把握的往下：如果没有更有把握的同类框与它重叠更多，就留下。')}
const overlap = 0.5, kept = found.reduce((stay, one) =>
  stay.some((other) => other.class === one.class && iou(other.box, one.box) > overlap) ? stay : [...stay, one], [])`,
    `({ found: found.length, kept: kept.length, queries: kept.map(({ query }) => query) })`,
  ]),
};
