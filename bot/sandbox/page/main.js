// The page begins: words first, then the world, then everything that is drawn from it.

import { arrive, layout, watch } from "./layout.js";
import { connect, on } from "./world.js";
import { speak } from "./words.js";

await speak();
let arrived = false;
on("world", () => {
  layout();
  if (!arrived) arrive();
  arrived = true;
});
watch();
connect();
