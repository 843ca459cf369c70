// The industry structure of towns and parks: read from the server while the layer of firms is on, and anew when it may have changed.

const TOUCHES = ["enterprises", "parks", "featured_towns", "admin_areas"];

/** wishes(): what narrows the firms, as text of an address; isOn(): is their layer on; onChanged(): draw, onSettled(): an answer came or failed. */
export function makeStructure({items, wishes, isOn, onChanged, onSettled}) {
  let places = [], known = null, abort = null, isBusy = false;

  async function read() {
    if (abort) abort.abort();
    const mine = abort = new AbortController(), asked = wishes();
    known = asked;
    isBusy = true;
    try {
      const answer = await items.structure(asked, mine.signal);
      if (mine !== abort) return;
      places = answer.places;
      onChanged();
    } catch (error) {
      if (mine === abort && error.name !== "AbortError") known = null; // asked again with the next change; the layer stands without it
    } finally {
      if (mine === abort) { isBusy = false; onSettled(); }
    }
  }

  return {
    places: () => (isOn() ? places : []),
    isBusy: () => isBusy,
    /** The layer was switched or the filters changed. */
    follow() { if (isOn() && known !== wishes()) read(); },
    /** Things of these collections changed (null: anything): what is shown is read again, what is not shown when it is. */
    changed(collections) {
      if (collections && !TOUCHES.some((id) => collections.has(id))) return;
      known = null;
      this.follow();
    },
  };
}
