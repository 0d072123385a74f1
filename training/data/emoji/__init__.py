"""The emoji pack: signs in four drawing styles with their names and keywords in English and Chinese."""
