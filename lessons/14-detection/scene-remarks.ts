import type { Text } from '#lib/base/lang.ts';

/** What is known of a scene that may need a word. */
export interface SceneFacts {
  readonly objects: number;
  readonly queries: number;
  /** Width and height of the reader's own picture, before it was squashed; undefined for a photo of the gallery. */
  readonly own: { readonly width: number; readonly height: number } | undefined;
}

/** Most objects of a scene in training (training/data/scenes.py). */
const MOST_TRAINED = 8;
/** From this proportion of the sides on, a picture is hardly to be known once it is squashed. */
const LONG = 2.5;

/** What is to be said of a scene that is unlike those of training; one sentence or two each. */
export function sceneRemarks({
  objects,
  queries,
  own,
}: SceneFacts): readonly (Text & { readonly id: string })[] {
  const said: (Text & { readonly id: string })[] = [];
  const say = (id: string, en: string, zh: string) => said.push({ id, en, zh });
  if (own && Math.max(own.width / own.height, own.height / own.width) >= LONG)
    say(
      'long',
      `Your picture has ${own.width} × ${own.height} pixels. The networks see a square, so it was squashed, and what it shows is out of proportion.`,
      `你的图片有 ${own.width} × ${own.height} 像素。网络只看正方形，所以图片被压成了正方形，里面的东西已经变形。`,
    );
  if (objects === 0 && own)
    say(
      'unknown',
      'Nobody has marked what your picture shows, so a detection here is neither right nor wrong. The networks know drawn objects of 20 classes; what they say of anything else is an experiment.',
      '没有人标注过你的图片里有什么，所以这里的检测结果谈不上对错。网络只认识 20 类画出来的物体；对其他东西的回答只是一种尝试。',
    );
  else if (objects === 0)
    say(
      'none',
      'There is no object on the photo: the right answer is the empty set, and every detection is a false alarm. One scene in sixteen was like that in training.',
      '照片上没有物体：正确答案是空集，任何检测结果都是误报。训练时每十六个场景里有一个是这样的。',
    );
  if (objects > queries)
    say(
      'queries',
      `There are ${objects} objects and only ${queries} queries. A query answers once, so at least ${objects - queries} objects cannot be found.`,
      `这里有 ${objects} 个物体，而查询只有 ${queries} 个。一个查询只回答一次，所以至少有 ${objects - queries} 个物体不可能被找到。`,
    );
  else if (objects > MOST_TRAINED)
    say(
      'many',
      `There are ${objects} objects. In training a scene had ${MOST_TRAINED} at most, so the network has not learned to answer with so many.`,
      `这里有 ${objects} 个物体。训练时一个场景最多有 ${MOST_TRAINED} 个，网络没有学过给出这么多答案。`,
    );
  return said;
}
