import { bitmapOf, type Picture } from '../draw/canvas.ts';
import type { FlattenOrder } from '#lib/images/patches.ts';
import { drawFlight, flown, isMerged, rowsImage } from './flight.ts';
import type { PatchLayout } from './layout.ts';

/** A box on the canvas, in device pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** What one drawing of the grid needs. */
export interface GridScene {
  readonly layout: PatchLayout;
  /** Side of the canvas in device pixels. */
  readonly view: number;
  readonly patch: number;
  readonly size: number;
  readonly apart: number;
  readonly flat: number;
  readonly order: FlattenOrder;
  readonly colours: { readonly paper: string; readonly ink: string; readonly accent: string };
  readonly ratio: number;
  /** Grid lines over the whole picture. */
  readonly lines: boolean;
  readonly selected: number;
  readonly hovered: number;
}

/** The side of the buffer that specks are drawn into; more would cost frames and show nothing. */
const FLIGHT_VIEW = 420;

/** Holds what is costly to make (bitmaps, the table, the flight's buffer) and draws scenes from it. */
export class GridPainter {
  readonly picture: Picture;
  readonly #bitmap: HTMLCanvasElement;
  #table: { key: string; bitmap: HTMLCanvasElement } | undefined;
  #flight: { canvas: HTMLCanvasElement; image: ImageData } | undefined;

  constructor(picture: Picture) {
    this.picture = picture;
    this.#bitmap = bitmapOf(picture);
  }

  draw(ctx: CanvasRenderingContext2D, scene: GridScene): void {
    const { view, layout, apart, flat } = scene;
    ctx.clearRect(0, 0, view, view);
    ctx.imageSmoothingEnabled = true;
    ctx.imageSmoothingQuality = 'high';
    if (flat >= 1) this.#rows(ctx, scene);
    else if (flat > 0) this.#flying(ctx, scene);
    else if (apart <= 0) this.#whole(ctx, scene);
    else this.#apart(ctx, scene);
    if (layout.count > 0) {
      if (scene.hovered >= 0 && scene.hovered !== scene.selected)
        this.#outline(ctx, scene, scene.hovered, false);
      if (scene.selected >= 0 && scene.selected < layout.count)
        this.#outline(ctx, scene, scene.selected, true);
    }
  }

  #whole(ctx: CanvasRenderingContext2D, scene: GridScene): void {
    const { view, layout, size, patch } = scene;
    ctx.drawImage(this.#bitmap, 0, 0, view, view);
    const edge = (layout.used * view) / size;
    if (scene.lines && layout.side > 1) {
      ctx.strokeStyle = scene.colours.paper;
      ctx.globalAlpha = layout.side > 40 ? 0.45 : 0.75;
      ctx.lineWidth = layout.side > 40 ? 1 : Math.max(1, Math.round(scene.ratio));
      ctx.beginPath();
      for (let i = 1; i < layout.side + (layout.used < size ? 1 : 0); i++) {
        const at = Math.round((i * patch * view) / size) + (ctx.lineWidth % 2) / 2;
        ctx.moveTo(at, 0);
        ctx.lineTo(at, edge);
        ctx.moveTo(0, at);
        ctx.lineTo(edge, at);
      }
      ctx.stroke();
      ctx.globalAlpha = 1;
    }
    if (layout.used < size) this.#dropped(ctx, scene, edge, 1);
  }

  /** The remainder at the right and the bottom: dimmed and hatched, for no patch holds it. */
  #dropped(ctx: CanvasRenderingContext2D, scene: GridScene, edge: number, alpha: number): void {
    const { view } = scene;
    ctx.save();
    ctx.beginPath();
    ctx.rect(edge, 0, view - edge, view);
    ctx.rect(0, edge, edge, view - edge);
    ctx.clip();
    ctx.globalAlpha = 0.72 * alpha;
    ctx.fillStyle = scene.colours.paper;
    ctx.fillRect(0, 0, view, view);
    ctx.globalAlpha = 0.55 * alpha;
    ctx.strokeStyle = scene.colours.ink;
    ctx.lineWidth = scene.ratio;
    ctx.beginPath();
    const step = 7 * scene.ratio;
    for (let d = -view; d < view; d += step) {
      ctx.moveTo(d, view);
      ctx.lineTo(d + view, 0);
    }
    ctx.stroke();
    ctx.restore();
  }

  #apart(ctx: CanvasRenderingContext2D, scene: GridScene): void {
    const { layout, view, size, apart } = scene;
    if (layout.used < size && apart < 1) {
      ctx.globalAlpha = 1 - apart;
      ctx.drawImage(this.#bitmap, 0, 0, view, view);
      this.#dropped(ctx, scene, (layout.used * view) / size, 1 - apart);
      ctx.globalAlpha = 1;
      ctx.clearRect(0, 0, layout.side * layout.pitch, layout.side * layout.pitch);
    }
    const snap = apart >= 1 ? Math.round : (v: number) => v;
    for (let n = 0; n < layout.count; n++) this.#patch(ctx, scene, n, snap);
  }

  #patch(ctx: CanvasRenderingContext2D, scene: GridScene, n: number, snap: (v: number) => number): void {
    const { layout, patch } = scene;
    const row = Math.floor(n / layout.side);
    const col = n % layout.side;
    const x = snap(col * layout.pitch);
    const y = snap(row * layout.pitch);
    const w = snap(col * layout.pitch + layout.cell) - x;
    const h = snap(row * layout.pitch + layout.cell) - y;
    ctx.drawImage(this.#bitmap, col * patch, row * patch, patch, patch, x, y, w, h);
  }

  #tableOf(scene: GridScene): HTMLCanvasElement {
    const key = `${scene.patch} ${scene.order} ${scene.view}`;
    if (this.#table?.key !== key) {
      const table = rowsImage(this.picture, scene.patch, scene.order, scene.view);
      this.#table = { key, bitmap: bitmapOf(table) };
    }
    return this.#table.bitmap;
  }

  #rows(ctx: CanvasRenderingContext2D, scene: GridScene): void {
    if (scene.layout.count > 0) ctx.drawImage(this.#tableOf(scene), 0, 0, scene.view, scene.view);
  }

  #flying(ctx: CanvasRenderingContext2D, scene: GridScene): void {
    const { layout, view, flat, patch, order } = scene;
    const count = layout.count;
    const table = this.#tableOf(scene);
    let landed = 0;
    for (let n = 0; n < count; n++) {
      const f = flown(flat, n, count);
      if (f <= 0) this.#patch(ctx, scene, n, (v) => v);
      if (f >= 1) landed = n + 1;
    }
    this.#flight ??= newBuffer(FLIGHT_VIEW);
    if (!this.#flight) return;
    const scale = FLIGHT_VIEW / view;
    const small = { ...layout, pitch: layout.pitch * scale, cell: layout.cell * scale };
    drawFlight(
      this.#flight.image.data,
      FLIGHT_VIEW,
      this.picture,
      patch,
      order,
      small,
      flat,
      isMerged(patch, order, view),
    );
    this.#flight.canvas.getContext('2d')?.putImageData(this.#flight.image, 0, 0);
    if (landed > 0) {
      const bottom = (landed * view) / count;
      ctx.drawImage(table, 0, 0, table.width, landed, 0, 0, view, bottom);
    }
    ctx.drawImage(this.#flight.canvas, 0, 0, view, view);
  }

  /** Where patch `n` is now: on the picture, on its way, or a row of the table. */
  boxOf(scene: GridScene, n: number): Box {
    const { layout, view, flat } = scene;
    const x = (n % layout.side) * layout.pitch;
    const y = Math.floor(n / layout.side) * layout.pitch;
    if (flat <= 0) return { x, y, w: layout.cell, h: layout.cell };
    const f = flown(flat, n, layout.count);
    const rowHeight = view / layout.count;
    const mix = (a: number, b: number) => a + (b - a) * f;
    return {
      x: mix(x, 0),
      y: mix(y, n * rowHeight),
      w: mix(layout.cell, view),
      h: mix(layout.cell, rowHeight),
    };
  }

  #outline(ctx: CanvasRenderingContext2D, scene: GridScene, n: number, strong: boolean): void {
    const box = this.boxOf(scene, n);
    const line = (strong ? 2.5 : 1.5) * scene.ratio;
    const halo = 1.5 * scene.ratio;
    const out = line / 2;
    ctx.lineJoin = 'round';
    const frame = () => {
      // kept inside the canvas, so that an outline at the border is whole
      const most = scene.view - line / 2 - halo / 2;
      const least = line / 2 + halo / 2;
      const x = Math.max(least, box.x - out);
      const y = Math.max(least, Math.min(most, box.y - out));
      ctx.strokeRect(x, y, Math.min(most, box.x + box.w + out) - x, Math.min(most, box.y + box.h + out) - y);
    };
    ctx.lineWidth = line + 2 * halo;
    ctx.strokeStyle = scene.colours.paper;
    frame();
    ctx.lineWidth = line;
    ctx.strokeStyle = strong ? scene.colours.accent : scene.colours.ink;
    frame();
  }
}

function newBuffer(side: number): { canvas: HTMLCanvasElement; image: ImageData } {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  return { canvas, image: new ImageData(side, side) };
}
