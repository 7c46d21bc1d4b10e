// Good places to begin: each is a link of this page with two sentences on what it shows.

export interface Preset {
  readonly name: string;
  readonly label: string;
  readonly words: string;
  readonly query: string;
}

export const presets: readonly Preset[] = [
  {
    name: "spirals",
    label: "Two spirals",
    words:
      "Two classes wound around each other: no straight line parts them. Watch the border curl up as the loss falls.",
    query: "v=1",
  },
  {
    name: "digits",
    label: "Handwritten digits",
    words: "10,000 real digits of 28 x 28 pixels. Draw one of your own below and see what the network takes it for.",
    query: "v=1&data=digits",
  },
  {
    name: "noisy",
    label: "Noisy moons",
    words:
      "The classes overlap, so no network can be right everywhere. Training loss goes on falling while validation turns up.",
    query: "v=1&data=moons&data.count=200&data.noise=0.35&hidden=linear+64,+tanh,+linear+64,+tanh&steps=3000&batch=16",
  },
  {
    name: "hot",
    label: "Learning rate too high",
    words:
      "Plain descent with steps that are too long: the loss jumps and does not settle. Lower the rate, or clip the gradients.",
    query: "v=1&data=circles&optimizer=sgd&lr=9&steps=400",
  },
  {
    name: "dead",
    label: "Dying units",
    words:
      "A deep relu network at a high rate: open Layers and watch units die and gradients fade from layer to layer.",
    query:
      "v=1&hidden=linear+24,+relu,+linear+24,+relu,+linear+24,+relu,+linear+24,+relu&lr=0.08&schedule=cosine&steps=1500",
  },
  {
    name: "sine",
    label: "A sine wave",
    words: "Regression: one number in, one out. The curve is the network's answer, the dots are what it learns from.",
    query: "v=1&data=sine&data.periods=2&steps=1000",
  },
];
