// Rings and wheels of towns, wheels of parks: who shares one, where they stand, what they add up to.
import assert from "node:assert/strict";
import {test} from "node:test";
import {setOut, townGroups} from "../../../../map_frontend/static/js/labels/towns.js";
import {besidePark, meets, parksInView, wheelOf} from "../../../../map_frontend/static/js/labels/wheels.js";
import {makeWords} from "../../../../map_frontend/static/js/words.js";

const words = {text: (key, {name, more}) => `${name} + ${more}`};
const map = {latLngToContainerPoint: ([lat, lon]) => ({x: lon, y: lat}), getSize: () => ({x: 800, y: 600})};
const town = (code, lon, lat, n, by = [["C1", n]]) => ({collection: "admin_areas", code, name: code, lon, lat, n, by, box: null});

test("towns near one another share an emblem at the place of the larger", () => {
  const groups = townGroups([town("A", 100, 100, 9), town("B", 130, 100, 4), town("C", 300, 100, 1)], [], map, words);
  assert.deepEqual(groups.map(({x, name, codes}) => [x, name, codes]), [[100, "A + 1", ["A", "B"]], [300, "C", ["C"]]]);
});

test("a town's ring and wheel stand side by side and cover no other's", () => {
  const plots = [town("A", 100, 100, 90), town("B", 200, 100, 4), town("C", 100, 180, 1)], firms = [town("C", 100, 180, 400), town("D", 600, 100, 3)];
  const groups = townGroups(plots, firms, map, words).map((group) => setOut(group, group.plots.length ? {r: 30} : null, group.firms.length ? {r: 30} : null));
  assert.deepEqual(groups.map(({codes}) => codes), [["A", "B"], ["C"], ["D"]]);
  const [, pair, alone] = groups;
  assert.ok(pair.ring.x + 30 <= pair.wheel.x - 30);
  assert.equal(alone.wheel.x, 600);
  const all = groups.flatMap(({ring, wheel}) => [ring, wheel]).filter(Boolean);
  all.forEach((a, i) => { for (const b of all.slice(i + 1)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) >= 60); });
});

test("a wheel adds up its towns, most first; none given is a part like any other", () => {
  const wheel = wheelOf([town("A", 0, 0, 5, [["C1", 3], ["", 2]]), town("B", 0, 0, 4, [["C2", 4]])], "A + 1");
  assert.deepEqual(wheel.parts, [["C2", 4], ["C1", 3], ["", 2]]);
  assert.equal(wheel.total, 9);
  assert.equal(wheel.key, "admin_areas:A,B");
});

test("a park has a wheel where it is large enough and seen as a whole", () => {
  const park = (code, box) => ({...town(code, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 1), collection: "parks", box});
  const shown = parksInView([park("small", [10, 50, 40, 70]), park("fits", [100, 100, 200, 300]), park("fills", [-100, 0, 900, 10]), park("away", [900, 0, 1000, 100]), town("T", 0, 0, 1)], map);
  assert.deepEqual(shown.map(({place}) => place.code), ["fits"]);
});

test("a wheel stands outside the box of its park, its line ends on the park", () => {
  const box = [100, 100, 200, 160], r = 24;
  for (const {x, y} of besidePark(box, r)) {
    const dx = Math.max(box[0] - x, 0, x - box[2]), dy = Math.max(box[1] - y, 0, y - box[3]);
    assert.ok(Math.hypot(dx, dy) > r, `${x} ${y}`);
    const foot = meets({x, y, r}, {x: 150, y: 130}, box, (px, py) => Math.hypot(px - 150, py - 130) < 20);
    assert.ok(Math.hypot(foot.x - 150, foot.y - 130) < 21);
    const edge = meets({x, y, r}, {x: 150, y: 130}, box, null);
    assert.ok(edge.x > 95 && edge.x < 205 && edge.y > 95 && edge.y < 165);
  }
});

test("a sentence says one and many", () => {
  const {text} = makeWords({lang: "en", text: {firms: "{n} {n:firm|firms} of {name}"}, codes: {}, fields: {}, area_unit: "ha"});
  assert.equal(text("firms", {n: 1, name: "A"}), "1 firm of A");
  assert.equal(text("firms", {n: 12, name: "A"}), "12 firms of A");
});
