// ruleid: no-html-out-of-text
place.innerHTML = name;
// ok: no-html-out-of-text
place.textContent = name;
