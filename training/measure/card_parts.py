"""Parts of a model's card on held-out pictures: what is found, detected, given back, and painted from words."""

from __future__ import annotations

from typing import Any


def rows(head: list[str], body: list[list[Any]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(str(cell) for cell in row) + " |" for row in body)])


def percent(share: float) -> str:
    """0.793 as 79.3 %."""
    return f"{100 * share:.1f} %"


def found_part(held_out: dict[str, float]) -> list[str]:
    """What a CLIP finds: signs among 100 by their names, photos by their class."""
    words = {
        "pair": "signs in a style they were not seen in, among 100",
        "concept": "signs never seen in any style, among 100",
        "photo": "photos, the nearest of all classes",
    }
    body = [
        [word, *(percent(held_out[f"{key}-{language}"]) for language in ("en", "zh"))]
        for key, word in words.items()
        if f"{key}-en" in held_out
    ]
    return ["Held out, found by their names:", rows(["what", "in English", "in Chinese"], body)]


def detected_table(held_out: dict[str, Any]) -> str:
    """What a detector finds, by itself and without its decoder's self-attention."""
    scenes = {"styles not seen in training": held_out, "styles seen in training": held_out["seenStyles"]}
    body = [
        [name, switch, row["objects"], percent(part["ap50"]), percent(part["ap"]), part["duplicates"]]
        for name, row in scenes.items()
        for switch, part in (("on", row), ("off", row["withoutSelfAttention"]))
    ]
    return rows(["objects in", "queries' self-attention", "objects", "AP at 0.5", "AP 0.5 to 0.95", "duplicates"], body)


def detected_part(held_out: dict[str, Any]) -> list[str]:
    """What a detector finds on held-out photos, and how often it finds it twice."""
    return [
        f"Held out, {held_out['scenes']} scenes of each kind on photos not seen in training:",
        detected_table(held_out),
    ]


def rebuilt_part(held_out: dict[str, Any]) -> list[str]:
    """Table of an autoencoder's pictures that it has not learned from, and what is known of its latents or codes."""
    names = {"pair": "a sign in a style not seen", "concept": "a sign not seen at all", "photo": "a photo"}
    found = [(words, held_out.get(f"psnr-{key}")) for key, words in names.items()]
    rows = [f"| {words} | {psnr:.2f} dB |" for words, psnr in found if psnr is not None]
    parts = ["\n".join(["| held-out picture | PSNR of what comes back |", "|---|---:|", *rows])]
    if "deviation" in held_out:
        share = held_out["deviationOfMeans"] / held_out["deviation"]
        parts.append(
            f"Standard deviation of the held-out latents {held_out['deviation']:.4f} "
            f"({share:.1%} of it of their means); divergence from N(0, 1) {held_out['kl']:.2f} nats a number."
        )
    if "codesUsed" in held_out:
        parts.append(
            f"Codes in use {held_out['codesUsed']}, perplexity {held_out['perplexity']:.1f}; {held_out['bits']} bits a "
            f"picture, {held_out['entropyBits']} by entropy; a sign in a style not seen, from latents that were not "
            f"made codes, {held_out['psnr-continuous']:.2f} dB."
        )
    return parts


def words_part(words: dict[str, Any]) -> list[str]:
    """How often pictures painted from words are what was asked, by a judge that ranks the concept among others."""
    sides = {"held": "not seen in training", "seen": "seen in training"}
    body = [
        [sides[side], {"en": "English", "zh": "Chinese"}[told], words[side]["pairs"], which]
        + [percent(row[key]) for key in ("first", "top5", "style")]
        for side in sides
        if side in words
        for told in ("en", "zh")
        for which, row in (("painted", words[side][told]), ("real", words[side][told]["real"]))
    ]
    head = ["pairs of concept and style", "told in", "pairs", "pictures", "concept first", "among five", "style right"]
    return [f"`{words['command']}`", f"The concept among {words['among']}, as a CLIP ranks it:", rows(head, body)]
