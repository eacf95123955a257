package io.quorate.agent.docker;

/**
 * The name of an image.
 *
 * @param repository with its registry, where one is named
 * @param tag or a digest; {@code latest} where neither is named
 */
record ImageName(String repository, String tag) {
  private static final String HUB = "docker.io";

  static ImageName of(String image) {
    int digest = image.indexOf('@');
    if (digest > 0) {
      return new ImageName(image.substring(0, digest), image.substring(digest + 1));
    }
    int colon = image.lastIndexOf(':');
    return colon > image.lastIndexOf('/')
        ? new ImageName(image.substring(0, colon), image.substring(colon + 1))
        : new ImageName(image, "latest");
  }

  /** The host of its registry, with a port maybe. */
  String registry() {
    int slash = repository.indexOf('/');
    String first = slash < 0 ? "" : repository.substring(0, slash);
    boolean host = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
    return host ? first : HUB;
  }
}
