// Two runs are compared, no more and no fewer.
"use strict";

(() => {
  const form = document.getElementById("compare-form");
  const button = document.getElementById("compare-button");
  if (!form || !button) return;
  const boxes = [...form.querySelectorAll('input[name="run"]')];
  const update = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    button.disabled = chosen !== 2;
    button.textContent = chosen === 1 ? "Choose one more" : "Compare two";
    boxes.forEach((box) => { box.disabled = chosen >= 2 && !box.checked; });
  };
  form.addEventListener("change", update);
  addEventListener("pageshow", update);
  update();
})();
