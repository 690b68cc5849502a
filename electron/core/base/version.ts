/** The same as in package.json; a test holds the two together, so that no bundle has to carry that file. */
export const VERSION = "0.1.0";
