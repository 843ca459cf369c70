// Labels never overlap, the greater goes first, names are short: `node --test` over the very modules the page bundles.
import assert from "node:assert/strict";
import {test} from "node:test";
import {Taken} from "../../../../map_frontend/static/js/collide.js";
import {inLines, shortName} from "../../../../map_frontend/static/js/labels/naming.js";
import {besideMark, boxAround, placeLabels} from "../../../../map_frontend/static/js/labels/placing.js";

/** The same numbers in every run (mulberry32). */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const overlap = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

test("no two placed boxes overlap, nor an obstacle, in 200 crowded screens", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const next = random(seed), taken = new Taken(), obstacles = [];
    for (let i = 0; i < 12; i++) {
      const box = boxAround(next() * 900 - 50, next() * 700 - 50, next() * 60, next() * 60);
      obstacles.push(box); taken.take(box);
    }
    const wanted = Array.from({length: 60}, (_, i) => ({
      text: `n${i % 37}`, rank: Math.floor(next() * 4), weight: next(),
      places: besideMark(next() * 800, next() * 600, next() * 10, 20 + next() * 130, 14 + next() * 20),
    }));
    const placed = placeLabels(wanted, taken);
    assert.ok(placed.length > 5);
    placed.forEach(({place}, i) => {
      for (const box of obstacles) assert.ok(!overlap(place.box, box));
      for (const other of placed.slice(i + 1)) assert.ok(!overlap(place.box, other.place.box), `seed ${seed}`);
    });
  }
});

const at = (x, y) => [{x, y, box: boxAround(x, y, 40, 15)}];

test("the higher rank wins, then the greater weight", () => {
  const placed = placeLabels([
    {text: "small", rank: 1, weight: 9, places: at(50, 50)},
    {text: "light", rank: 2, weight: 1, places: at(50, 50)},
    {text: "heavy", rank: 2, weight: 2, places: at(50, 50)},
  ], new Taken());
  assert.deepEqual(placed.map(({text}) => text), ["heavy"]);
});

test("the same name is not written twice near itself, and a town's only once", () => {
  const near = placeLabels([{text: "国道", places: at(0, 0)}, {text: "国道", places: at(100, 0)}, {text: "国道", places: at(400, 0)}], new Taken());
  assert.deepEqual(near.map(({place}) => place.x), [0, 400]);
  const once = placeLabels([0, 400, 800].map((x) => ({text: "石浦镇", apart: Infinity, places: at(x, 0)})), new Taken());
  assert.equal(once.length, 1);
});

test("a town whose mainland has no room is named on its island", () => {
  const taken = new Taken();
  taken.take([0, 0, 100, 100]);
  const [label] = placeLabels([{text: "石浦镇", apart: Infinity, places: [...at(50, 50), ...at(300, 50)]}], taken);
  assert.equal(label.place.x, 300);
});

test("a place that hangs over the edge is refused", () => {
  assert.equal(placeLabels([{text: "x", places: at(5, 5)}], new Taken(), ({box}) => box[0] >= 0).length, 0);
});

test("names on the map are short", () => {
  assert.equal(shortName("示例·城东工业33号地块", "parcels"), "33号");
  assert.equal(shortName("临港12-3号宗地", "parcels"), "12-3号");
  assert.equal(shortName("Sample plot CD-33", "parcels"), "CD-33");
  assert.equal(shortName("河西片区A地块", "parcels"), "河西片区A地块");
  assert.equal(shortName("示例·装备项目 3号", "projects"), "装备项目 3号");
});

test("long names break in two lines and end in time", () => {
  assert.deepEqual(inLines("石浦科技园高端智造产业园二期", 12), ["石浦科技园高端", "智造产业园二期"]);
  assert.deepEqual(inLines("Xiangbao Smart Manufacturing Park", 22), ["Xiangbao Smart", "Manufacturing Park"]);
  const hostile = inLines("长".repeat(5000), 12);
  assert.equal(hostile.length, 2);
  assert.ok(hostile.join("").endsWith("…") && hostile.join("").length === 24);
});
