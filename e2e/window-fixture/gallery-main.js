// Every part of renderer/ui in every state: `gallery.html`, or with one dialog open `gallery.html?open=dialog`.
import "./gallery/gallery.css";
import { showGallery } from "./gallery/gallery.tsx";
import { standStill } from "./stand-still.js";

const query = new URLSearchParams(location.search);
if (query.has("still")) await standStill();
showGallery(query.get("open") === "dialog");
