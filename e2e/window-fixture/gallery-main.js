// Every part of renderer/ui in every state: `gallery.html`, or with one dialog open `gallery.html?open=dialog`.
import "./gallery/gallery.css";
import { showGallery } from "./gallery/gallery.tsx";
import { loadLetters } from "./letters.js";

const query = new URLSearchParams(location.search);
if (query.has("letters")) await loadLetters();
showGallery(query.get("open") === "dialog");
