import { preprocess, type PreprocessSpec, type Rgba } from '#lib/images/index.ts';
import { FilmFault } from './film-words.ts';

/** A reader's film as frames to choose from. */
export interface Film {
  /** In their order, each `[3, side, side]` as the networks are fed it. */
  readonly frames: readonly Float32Array[];
  readonly from: 'file' | 'camera';
  /** Seconds: of the whole film, where the stretch begins that the frames are of, and how long it is. */
  readonly seconds: number;
  readonly start: number;
  readonly stretch: number;
}

/** How many frames a film is read as, and the longest stretch of it that they are spread over. */
export const CANDIDATES = 24;
export const STRETCH = 4;
/** A recording of the camera, seconds. */
export const RECORDED = 2;
/** Longest that a browser may take to open a film, or to find one of its frames; milliseconds. */
const PATIENCE = 8000;
/** Pixels of the shorter side that frames are read with, before they are brought to the networks' size. */
const READ = 192;

/** The next event of one of these names. Rejects when the element fails, or takes too long. */
function next(video: HTMLVideoElement, ...names: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const { signal } = stop;
    const end = (act: () => void) => () => {
      stop.abort();
      clearTimeout(timer);
      act();
    };
    const timer = setTimeout(
      end(() => reject(new FilmFault('slow'))),
      PATIENCE,
    );
    for (const name of names) video.addEventListener(name, end(resolve), { signal });
    video.addEventListener(
      'error',
      end(() => reject(new FilmFault('unreadable'))),
      { signal },
    );
  });
}

/** What a video shows now, its shorter side at most `READ` pixels. */
function shownBy(video: HTMLVideoElement, context: CanvasRenderingContext2D): Rgba {
  const { videoWidth, videoHeight } = video;
  const scale = Math.min(1, READ / Math.min(videoWidth, videoHeight));
  const [width, height] = [videoWidth, videoHeight].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  context.canvas.width = width;
  context.canvas.height = height;
  context.drawImage(video, 0, 0, width, height);
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}

function canvasOf(): CanvasRenderingContext2D {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) throw new FilmFault('unreadable');
  return context;
}

async function seek(video: HTMLVideoElement, seconds: number): Promise<void> {
  const sought = next(video, 'seeked');
  video.currentTime = seconds;
  await sought;
}

/** Seconds of a film. A recording may not say how long it is until its end has been looked for. */
async function lengthOf(video: HTMLVideoElement): Promise<number> {
  if (Number.isFinite(video.duration)) return video.duration;
  await seek(video, 1e7);
  return Number.isFinite(video.duration) ? video.duration : video.currentTime;
}

/**
 * Reads frames of a video file, evenly spread over a stretch of at most {@link STRETCH} seconds. Nothing is sent anywhere:
 * the browser plays the file to a canvas.
 * @param start where the stretch begins, seconds; too late a one is moved forward
 * @throws FilmFault for a file that is empty, a picture, or that this browser does not play
 */
export async function readFilm(file: Blob, spec: PreprocessSpec, start = 0): Promise<Film> {
  if (file.size === 0) throw new FilmFault('empty');
  if (file.type.startsWith('image/')) throw new FilmFault('picture');
  const video = document.createElement('video');
  const address = URL.createObjectURL(file);
  try {
    video.muted = true;
    video.playsInline = true;
    video.preload = 'auto';
    const loaded = next(video, 'loadeddata');
    video.src = address;
    await loaded;
    if (video.videoWidth === 0 || video.videoHeight === 0) throw new FilmFault('unreadable');
    const seconds = await lengthOf(video);
    const stretch = Math.min(seconds, STRETCH);
    const from = Math.max(0, Math.min(start, seconds - stretch));
    const context = canvasOf();
    const frames: Float32Array[] = [];
    for (let i = 0; i < CANDIDATES; i++) {
      await seek(video, from + ((i + 0.5) / CANDIDATES) * stretch);
      frames.push(preprocess(shownBy(video, context), spec));
    }
    return { frames, from: 'file', seconds, start: from, stretch };
  } finally {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(address);
  }
}

/**
 * Takes frames of a camera that is shown by a video element, for {@link RECORDED} seconds.
 * @param ontake is told how many have been taken
 * @throws FilmFault when the camera stops before
 */
export async function recordFilm(
  video: HTMLVideoElement,
  spec: PreprocessSpec,
  ontake: (count: number) => void,
): Promise<Film> {
  const context = canvasOf();
  const frames: Float32Array[] = [];
  const began = performance.now();
  for (let i = 0; i < CANDIDATES; i++) {
    const due = began + (1000 * RECORDED * i) / CANDIDATES;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const stream = video.srcObject;
    const runs =
      stream instanceof MediaStream &&
      stream.getVideoTracks().some(({ readyState }) => readyState === 'live');
    if (!runs || video.videoWidth === 0) throw new FilmFault('camera-lost');
    frames.push(preprocess(shownBy(video, context), spec));
    ontake(i + 1);
  }
  return { frames, from: 'camera', seconds: RECORDED, start: 0, stretch: RECORDED };
}

/** Whether all frames are one picture. */
export function standsStill({ frames }: Pick<Film, 'frames'>): boolean {
  const [first] = frames;
  return frames.every((frame) => frame.every((v, i) => Math.abs(v - (first?.[i] ?? v)) < 0.02));
}
