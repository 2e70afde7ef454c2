package dev.caravan.web;

/** Puts the daemon's site together. */
public final class Sites {

  private Sites() {}

  /** The site of this daemon. */
  public static Site of(Workplace place, Admission admission) {
    Catalogue catalogue = new Catalogue(place);
    DeadLetterFiles letters = new DeadLetterFiles(place.home());
    Router router = new Router();
    new ConfigApi(place).routes(router);
    new BatchApi(place, catalogue).routes(router);
    new OrderApi(place, catalogue).routes(router);
    new HomeApi(place, letters).routes(router);
    new Meters(place, catalogue).routes(router);
    new Assets().routes(router);
    return new Site(admission.door(), router, place.news());
  }
}
