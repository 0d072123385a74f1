/** Classes of ImageNet's challenge: a head of so many is offered their names, which are fetched when they are wanted. */
export const IMAGENET_CLASSES = 1000;
