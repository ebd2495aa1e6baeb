/* Small comforts. Every page works without this file; htmx does the swapping. */
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

  // Menus are <details>: Esc and a click elsewhere close them.
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // How many rows are ticked, said where the buttons for them stand.
  const sayChosen = () => {
    document.querySelectorAll("[data-chosen]").forEach((place) => {
      const ticked = document.querySelectorAll(`input[name="${place.dataset.chosen}"]:checked`).length;
      place.textContent = ticked ? `${place.dataset.words} ${ticked}` : "";
    });
  };

  // Buttons beside a percentage, boxes that tick all others, the frame around the chosen answer.
  document.addEventListener("click", (event) => {
    const button = closest(event, "[data-step]");
    if (!button) return;
    const input = byId(button.dataset.for);
    const value = parseFloat(input.value.replace(",", ".")) || 0;
    input.value = Math.min(100, Math.max(0, Math.round(value) + Number(button.dataset.step)));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("click", (event) => {
    if (closest(event, "[data-print]")) window.print();
  });
  document.addEventListener("change", (event) => {
    const all = closest(event, "[data-check-all]");
    if (all) {
      document.querySelectorAll(`input[type=checkbox][name="${all.dataset.checkAll}"]:not(:disabled)`).forEach((box) => {
        box.checked = all.checked;
      });
    }
    sayChosen();
    const choice = closest(event, ".choice input");
    if (choice) {
      const group = choice.closest("fieldset") || document;
      group.querySelectorAll(".choice").forEach((label) => {
        const box = label.querySelector("input");
        label.classList.toggle("choice--on", Boolean(box && box.checked));
      });
    }
    const select = closest(event, "form[data-auto-submit] select");
    if (select) select.form.requestSubmit();
  });

  // A form is sent once: the second press waits for the first answer.
  const release = (form) => {
    delete form.dataset.busy;
    form.querySelectorAll("[aria-disabled=true]").forEach((button) => button.removeAttribute("aria-disabled"));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.matches("form[data-draft]") && !navigator.onLine) {
      event.preventDefault();
      keepCopy(form);
      sayOffline(form, true);
      return;
    }
    if (form.dataset.busy) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.busy = "1";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
    clean.add(form);
    setTimeout(() => release(form), 8000); // the person pressed Stop, or the network is very slow
  }, true);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-busy]").forEach(release);
  });

  // Leaving a form that was changed asks first, unless its draft is on the server.
  const clean = new WeakSet();
  document.addEventListener("input", (event) => {
    const form = closest(event, "form[data-guard]");
    if (!form) return;
    form.dataset.changed = "1";
    clean.delete(form);
  });
  window.addEventListener("beforeunload", (event) => {
    const unsaved = [...document.querySelectorAll("form[data-guard][data-changed]")].some((form) => !clean.has(form));
    if (unsaved) event.preventDefault();
  });

  // A copy of a long text in this browser while the server cannot be reached; a week at most.
  const WEEK = 7 * 24 * 3600 * 1000;
  const draftKey = (form) => `draft:${form.dataset.draft}`;
  const texts = (form) => [...form.querySelectorAll("textarea[name], input[type=text][name]")];
  const keepCopy = (form) => {
    const values = Object.fromEntries(texts(form).map((field) => [field.name, field.value]));
    try {
      localStorage.setItem(draftKey(form), JSON.stringify({ at: Date.now(), values }));
    } catch {
      // no room or no permission: the text is still on the page
    }
  };
  const dropCopy = (form) => {
    try {
      localStorage.removeItem(draftKey(form));
    } catch {
      // nothing was kept then
    }
  };
  const readCopy = (form) => {
    try {
      const copy = JSON.parse(localStorage.getItem(draftKey(form)));
      return copy && Date.now() - copy.at < WEEK ? copy : null;
    } catch {
      return null;
    }
  };
  const sayOffline = (form, offline) => {
    const notice = form.querySelector("[data-offline]");
    if (notice) notice.hidden = !offline;
  };
  const offerCopy = (form) => {
    const copy = readCopy(form);
    const notice = form.querySelector("[data-restore]");
    const differs = copy && texts(form).some((field) => copy.values[field.name] && copy.values[field.name] !== field.value);
    if (!differs || !notice) {
      dropCopy(form);
      return;
    }
    notice.hidden = false;
    notice.querySelector("[data-restore-yes]").addEventListener("click", () => {
      texts(form).forEach((field) => {
        if (field.name in copy.values) field.value = copy.values[field.name];
      });
      notice.hidden = true;
      dropCopy(form);
      texts(form)[0].dispatchEvent(new Event("change", { bubbles: true }));
    });
    notice.querySelector("[data-restore-no]").addEventListener("click", () => {
      notice.hidden = true;
      dropCopy(form);
    });
  };
  window.addEventListener("online", () => {
    document.querySelectorAll("form[data-draft]").forEach((form) => {
      sayOffline(form, false);
      const field = texts(form)[0];
      if (field && readCopy(form)) field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });

  // htmx: keep a copy before sending, drop it once the server has it; say what happened; move the focus on.
  const formOf = (event) => {
    const source = event.detail.elt;
    return source instanceof Element ? source.closest("form") : null;
  };
  const say = (templateId) => {
    const place = byId("thong-bao");
    const words = byId(templateId);
    if (place && words) place.replaceChildren(words.content.cloneNode(true));
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event);
    if (form && form.dataset.draft) keepCopy(form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event);
    if (!form) return;
    release(form);
    const moved = event.detail.xhr.getResponseHeader("HX-Redirect");
    const kept = event.detail.requestConfig.verb !== "get"; // looking something up saves nothing
    if (event.detail.successful && kept && !moved) {
      clean.add(form);
      if (form.dataset.draft) dropCopy(form);
      sayOffline(form, false);
    }
  });
  document.addEventListener("htmx:sendError", (event) => {
    const form = formOf(event);
    if (form) {
      release(form);
      sayOffline(form, true);
    }
    if (!form || !form.querySelector("[data-offline]")) say("loi-mang");
  });
  document.addEventListener("htmx:responseError", () => say("loi-may-chu"));
  document.addEventListener("htmx:afterSwap", (event) => {
    const part = event.detail.elt;
    prepare(part);
    const words = part.querySelector("[data-announce]") || document.querySelector("#thong-bao [data-announce]");
    const status = byId("doc-len");
    if (words && status) status.textContent = words.textContent.trim();
    const next = part.matches("[data-focus]") ? part : part.querySelector("[data-focus]");
    if (next) {
      if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
      next.focus();
    }
  });

  // What is hidden without scripts appears; an error summary gets the focus.
  const prepare = (part) => {
    part.querySelectorAll("[data-step][hidden], [data-print][hidden], [data-check-all]").forEach((control) => {
      control.hidden = false;
      const label = control.closest("[data-needs-script]");
      if (label) label.hidden = false;
    });
    part.querySelectorAll("form[data-draft]").forEach(offerCopy);
    part.querySelectorAll("form[data-ten-seconds]").forEach((form) => {
      setTimeout(() => { form.hidden = true; }, 10_000); // the server refuses soon after
    });
    sayChosen();
    const summary = part.querySelector(".error-summary");
    if (summary) summary.focus();
  };
  document.addEventListener("DOMContentLoaded", () => prepare(document));
})();
