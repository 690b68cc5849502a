/** A profile's colour and the browser its sign-in opens in; the sign-in link whose page shows a code, which works on any device. */
export const profileLooks = `
ALTER TABLE profiles ADD COLUMN colour TEXT CHECK (colour <> '');
ALTER TABLE profiles ADD COLUMN browser TEXT CHECK (browser <> '');
ALTER TABLE sessions ADD COLUMN code_link TEXT;
`;
