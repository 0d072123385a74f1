/**
 * The pictures of the gallery, in its order. `from` says in which package the picture lies and how its licence is
 * found there (see ../pictures.js); `class` is a label id of the model, or null where the model has no such class;
 * `crop` is [centre x, centre y, side]: fractions of the width, of the height, and of the shorter side.
 *
 * @typedef {{ id: string, from: string, path: string, class: string | null, en: string, zh: string,
 *   crop?: [number, number, number] }} Choice
 * @type {Choice[]}
 */
export const SELECTION = [
  row('golden-retriever', 'plasma', 'Dog', 'golden_retriever', 'Golden retriever', '金毛寻回犬'),
  row('cat', 'skimage', 'chelsea.png', 'cat', 'Chelsea the cat', '猫咪切尔西', [0.47, 0.5, 1]),
  row('panda', 'gcompris-animals', 'panda', 'panda', 'Giant panda', '大熊猫', [0.5, 0.5, 1]),
  row('balloon', 'plasma', 'Air Balloon', null, 'Hot-air balloon', '热气球'),
  row('car', 'plasma', 'Car', 'car', 'A white car at speed', '疾驰的白色轿车'),
  row('sunflower', 'plasma', 'Sunflower', 'sunflower', 'Sunflower', '向日葵'),
  row('lorikeet', 'plasma', 'Parrot', 'bird', 'Rainbow lorikeet', '彩虹吸蜜鹦鹉'),
  row('coffee', 'skimage', 'coffee.png', null, 'A cup of espresso', '一杯浓缩咖啡', [0.51, 0.5, 1]),
  row(
    'two-dogs',
    'lomiri',
    'friends_by_Aitzol_Berasategi',
    'dog',
    'Two dogs at a window',
    '窗边的两只狗',
    [0.45, 0.42, 0.62],
  ),
  row(
    'mountain',
    'lomiri',
    'picosdeeuropa_by_Aitzol_Berasategi',
    'mountain',
    'Picos de Europa',
    '欧罗巴山',
    [0.6, 0.5, 1],
  ),
  row('koala', 'gcompris-animals', 'koala', null, 'Koala', '考拉', [0.5, 0.45, 0.95]),
  row(
    'church',
    'gcompris-monuments',
    'monument3',
    'church',
    'St Francis of Assisi Church, Vienna',
    '维也纳圣方济各教堂',
    [0.5, 0.5, 1],
  ),
  row(
    'dandelion',
    'lomiri',
    'seeding_by_Clements_Engelhardt',
    'dandelion',
    'Dandelion clock',
    '蒲公英',
    [0.3, 0.5, 1],
  ),
  row('tabby', 'plasma', 'Cat', 'cat', 'Tabby on the floor', '躺在地上的狸花猫'),
  row('goldfish', 'plasma', 'Fish', null, 'Goldfish', '金鱼'),
  row(
    'drum',
    'lomiri',
    'Wine_by_Jakkub_Mede',
    'drums',
    'Djembe on a beanbag',
    '豆袋上的金贝鼓',
    [0.42, 0.76, 0.9],
  ),
  row(
    'forest',
    'lomiri',
    'life_by_Aitzol_Berasategi',
    'forest',
    'A stream in the forest',
    '林间小溪',
    [0.52, 0.5, 1],
  ),
  row('macaw', 'gcompris-animals', 'scarlet_macaw', 'bird', 'Scarlet macaw', '绯红金刚鹦鹉', [0.55, 0.5, 1]),
  row(
    'honey-bee',
    'palapeli',
    'european-honey-bee',
    null,
    'Honey bee on an aster',
    '紫菀上的蜜蜂',
    [0.45, 0.5, 1],
  ),
  row(
    'skyscrapers',
    'gcompris-monuments',
    'empireState',
    'city_buildings',
    'Empire State Building',
    '帝国大厦',
    [0.5, 0.55, 1],
  ),
  row('chair', 'gcompris-others', 'chair', 'chair', 'A white chair', '白色椅子', [0.5, 0.5, 1]),
  row('owl', 'plasma', 'Owl', 'bird', 'Eagle-owl in a hollow tree', '树洞里的雕鸮'),
  row('moose', 'gcompris-animals', 'moose', null, 'Moose', '驼鹿', [0.5, 0.5, 1]),
  row('lemur', 'gcompris-animals', 'lemur', null, 'Ring-tailed lemurs', '环尾狐猴', [0.45, 0.5, 1]),
  row('polar-bear', 'gcompris-animals', 'polar_bear', null, 'Polar bear', '北极熊', [0.5, 0.52, 0.95]),
  row('chameleon', 'plasma', 'Chameleon', null, 'Chameleon', '变色龙'),
  row('astronaut', 'plasma', 'Astronaut', null, 'Astronaut on the Moon', '月球上的宇航员'),
  row(
    'bridge',
    'palapeli',
    'cincinnati-bridge',
    null,
    'Roebling Bridge at night',
    '罗布林桥夜景',
    [0.5, 0.5, 1],
  ),
  row(
    'pavilion',
    'sklearn',
    'china.jpg',
    null,
    'Tower at the Summer Palace, Beijing',
    '北京颐和园佛香阁',
    [0.48, 0.5, 1],
  ),
  row('citrus', 'palapeli', 'citrus-fruits', null, 'Slices of citrus fruit', '柑橘切片', [0.5, 0.5, 1]),
  row('pencils', 'plasma', 'Pencils', null, 'Coloured pencils', '彩色铅笔'),
  row('sushi', 'plasma', 'Sushi', null, 'Sushi', '寿司'),
  row('football', 'plasma', 'Soccer', null, 'Football', '足球'),
  row('taj-mahal', 'gcompris-monuments', 'tajMahal', null, 'Taj Mahal', '泰姬陵', [0.52, 0.5, 1]),
  row(
    'windmill',
    'gcompris-renewable',
    'windmill',
    null,
    'Chesterton Windmill',
    '切斯特顿风车',
    [0.5, 0.42, 1],
  ),
  row(
    'galaxies',
    'skimage',
    'hubble_deep_field.jpg',
    null,
    'Hubble eXtreme Deep Field',
    '哈勃极深空',
    [0.5, 0.5, 0.6],
  ),
];

/**
 * @param {string} id @param {string} from @param {string} path @param {string | null} label
 * @param {string} en @param {string} zh @param {[number, number, number]} [crop]
 * @returns {Choice}
 */
function row(id, from, path, label, en, zh, crop) {
  return { id, from, path, class: label, en, zh, ...(crop && { crop }) };
}
