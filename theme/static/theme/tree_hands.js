// The tree viewer under the hand: dragging with a mouse, sizes by wheel and two fingers.

// Whether the last press of the mouse moved the tree; then it chose nothing.
let drag = null;
export const wasDragged = () => Boolean(drag?.done);

export function followHands({ stage, zoomOf, zoomTo }) {
  stage.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button || event.offsetX > stage.clientWidth) return;
    drag = { x: event.clientX, y: event.clientY, left: stage.scrollLeft, up: stage.scrollTop, moved: false };
  });
  window.addEventListener("pointermove", (event) => {
    if (!drag || drag.done) return;
    const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
    drag.moved ||= Math.hypot(x, y) > 5;
    if (drag.moved) stage.scrollTo(drag.left - x, drag.up - y);
    stage.classList.toggle("is-dragged", drag.moved);
  });
  window.addEventListener("pointerup", () => {
    stage.classList.remove("is-dragged");
    const moved = drag?.moved;
    drag = moved ? { done: true } : null;
    if (moved) setTimeout(() => (drag = null));
  });
  const inStage = (x, y) => {
    const box = stage.getBoundingClientRect();
    return { x: x - box.left, y: y - box.top };
  };
  stage.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoomTo(zoomOf() * Math.exp(-event.deltaY / 300), inStage(event.clientX, event.clientY));
    },
    { passive: false },
  );
  let pinch = null;
  const gap = ([one, other]) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  stage.addEventListener("touchstart", ({ touches }) => {
    pinch = touches.length === 2 ? { gap: gap(touches), zoom: zoomOf() } : null;
  });
  stage.addEventListener(
    "touchmove",
    (event) => {
      if (!pinch || event.touches.length !== 2) return;
      event.preventDefault();
      const [one, other] = event.touches;
      zoomTo((pinch.zoom * gap(event.touches)) / pinch.gap, inStage((one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2));
    },
    { passive: false },
  );
}
